import {
  type Context,
  type Dimensions,
  type Grid,
  type MergingOrder,
  Module,
  PatchMerging,
  type RandomStream,
  type Sides,
  type Triple,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { SwinBlock, type SwinBlockOptions } from './swin-block.js';
import { type UNETRBlock, unetrBlock } from './unetr-block.js';
import { type WindowLayout, windowLayout } from './window-layout.js';

export interface SwinStageOptions extends Omit<SwinBlockOptions, 'dropPath'> {
  /** Rate of each block; their number is the stage's depth. */
  readonly dropPaths: readonly number[];
  readonly merging: MergingOrder;
  /** Starts with a residual block of convolutions, of volumes only (SwinUNETR-V2, He et al. 2023). */
  readonly convolution: boolean;
}

/**
 * Swin blocks whose windows lie still and shifted by turns, then patch merging: [N, D, H, W, width] to
 * [N, D / 2, H / 2, W / 2, 2 width], or with windows of two sides [N, H, W, width] to [N, H / 2, W / 2, 2 width], halves rounded up.
 */
export class SwinStage extends Module {
  readonly convolution: UNETRBlock | undefined;
  readonly blocks: SwinBlock[];
  readonly merging: PatchMerging<Dimensions>;
  readonly #window: Triple;
  readonly #layouts = new Map<string, readonly [WindowLayout, WindowLayout]>();

  constructor(options: SwinStageOptions, random: RandomStream) {
    super();
    const { width, window, merging, dropPaths } = options;
    const block = {
      inputChannels: width,
      outputChannels: width,
      normalisation: 'instance',
      residual: true,
    } as const;
    this.convolution = options.convolution ? unetrBlock(block, random.at('convolution')) : undefined;
    this.blocks = dropPaths.map(
      (dropPath, index) => new SwinBlock({ ...options, dropPath }, random.at('blocks', index)),
    );
    this.merging = new PatchMerging<Dimensions>(
      { channels: width, order: merging, dimensions: window.length },
      random.at('merging'),
    );
    this.#window = asVolume(window);
  }

  forward<T extends Grid>(x: T, context: Context): T {
    return tf.tidy(() => {
      const features = this.convolution ? this.convolution.forward(x as tf.Tensor5D, context) : x;
      const layouts = this.#layoutsFor(asVolume(x.shape.slice(1, -1) as unknown as Sides));
      let tokens = tf.reshape(features, [x.shape[0], -1, x.shape.at(-1) as number]) as tf.Tensor3D;
      for (const [index, block] of this.blocks.entries()) {
        tokens = block.forward(tokens, layouts[(index % 2) as 0 | 1], within(context, 'blocks', index));
      }
      return this.merging.forward(tf.reshape<tf.Rank>(tokens, x.shape) as T) as T;
    });
  }

  /** Windows at rest and windows shifted by half their side. */
  #layoutsFor(sides: Triple): readonly [WindowLayout, WindowLayout] {
    const known = this.#layouts.get(sides.join());
    if (known) return known;
    const half = this.#window.map((side) => side >> 1) as unknown as Triple;
    const layouts = [
      windowLayout(sides, this.#window, [0, 0, 0]),
      windowLayout(sides, this.#window, half),
    ] as const;
    this.#layouts.set(sides.join(), layouts);
    return layouts;
  }
}

/** An image is a volume of one plane. */
function asVolume(sides: Sides): Triple {
  return sides.length === 2 ? [1, ...sides] : sides;
}
