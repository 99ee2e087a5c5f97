import {
  type Context,
  Convolution,
  gelu,
  LayerNorm,
  Module,
  type RandomStream,
  type Triple,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { NnFormerReduction } from './nnformer-layouts.js';
import type { NnFormerStageSettings } from './nnformer-settings.js';
import { SwinBlock } from './swin-block.js';
import type { WindowLayout } from './window-layout.js';

/** What leads into a stage: [N, D, H, W, I] to the stage's grid and width. */
type Entrance = NnFormerStem | NnFormerDownsampling;

/** An entrance, then Swin blocks whose windows lie still and shifted by turns. */
export class NnFormerStage extends Module {
  readonly enter: Entrance;
  readonly blocks: SwinBlock[];
  readonly #layouts: readonly [WindowLayout, WindowLayout];

  constructor(enter: Entrance, settings: NnFormerStageSettings, random: RandomStream) {
    super();
    this.enter = enter;
    this.blocks = settings.dropPaths.map((_, index) =>
      nnFormerBlock(settings, index, random.at('blocks', index)),
    );
    this.#layouts = [settings.still, settings.shifted];
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const grid = this.enter.forward(x);
      let tokens = tf.reshape(grid, [grid.shape[0], -1, grid.shape[4]]) as tf.Tensor3D;
      for (const [index, block] of this.blocks.entries()) {
        tokens = block.forward(tokens, this.#layouts[(index % 2) as 0 | 1], within(context, 'blocks', index));
      }
      return tf.reshape(tokens, grid.shape);
    });
  }
}

/** The block of a stage or a decoder level at this place. */
export function nnFormerBlock(
  settings: NnFormerStageSettings,
  index: number,
  random: RandomStream,
): SwinBlock {
  const common = { mlpRatio: 4, qkvBias: true, dropout: 0, attentionDropout: 0 };
  return new SwinBlock({ ...settings, ...common, dropPath: settings.dropPaths[index] as number }, random);
}

/** Four convolutions to a grid of tokens, the first and the third with a stride: half the width, then the width. */
export class NnFormerStem extends Module {
  readonly convolutions: Convolution[];
  readonly normalisations: LayerNorm[];

  constructor(
    inputChannels: number,
    width: number,
    strides: readonly [Triple, Triple],
    random: RandomStream,
  ) {
    super();
    const half = width / 2;
    const channels = [inputChannels, half, half, width, width];
    this.convolutions = [strides[0], 1, strides[1], 1].map((stride, index) => {
      const sizes = {
        inputChannels: channels[index] as number,
        outputChannels: channels[index + 1] as number,
      };
      return new Convolution({ ...sizes, kernel: 3, stride }, random.at('convolutions', index));
    });
    this.normalisations = channels.slice(1).map((each) => new LayerNorm({ channels: each }));
  }

  /** The activation comes before the norm, and none after the last convolution. */
  forward(x: tf.Tensor5D): tf.Tensor5D {
    return this.convolutions.reduce((features, convolution, index) => {
      return tf.tidy(() => {
        const y = convolution.forward(features);
        const active = index < this.convolutions.length - 1 ? gelu(y) : y;
        return (this.normalisations[index] as LayerNorm).forward(active) as tf.Tensor5D;
      });
    }, x);
  }
}

/** GELU, layer norm and a strided convolution to twice the width. */
export class NnFormerDownsampling extends Module {
  readonly normalisation: LayerNorm;
  readonly convolution: Convolution;

  constructor(width: number, { kernel, stride, padding }: NnFormerReduction, random: RandomStream) {
    super();
    this.normalisation = new LayerNorm({ channels: width });
    this.convolution = new Convolution(
      { inputChannels: width, outputChannels: 2 * width, kernel, stride, padding },
      random.at('convolution'),
    );
  }

  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => this.convolution.forward(this.normalisation.forward(gelu(x)) as tf.Tensor5D));
  }
}
