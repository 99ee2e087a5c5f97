import { type Context, LayerNorm, Module, type RandomStream, TransposedConvolution, within } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { NnFormerCrossBlock } from './nnformer-cross-block.js';
import type { NnFormerReduction } from './nnformer-layouts.js';
import type { NnFormerStageSettings } from './nnformer-settings.js';
import { nnFormerBlock } from './nnformer-stage.js';
import type { SwinBlock } from './swin-block.js';
import type { WindowLayout } from './window-layout.js';

/** A decoder level: back to twice the sides and half the width, attention to the skip, then Swin blocks whose windows are all shifted. */
export class NnFormerLevel extends Module {
  readonly normalisation: LayerNorm;
  readonly upsample: TransposedConvolution;
  readonly cross: NnFormerCrossBlock;
  readonly blocks: SwinBlock[];
  readonly #still: WindowLayout;
  readonly #shifted: WindowLayout;

  constructor(settings: NnFormerStageSettings, reduction: NnFormerReduction, random: RandomStream) {
    super();
    const { width, dropPaths } = settings;
    const { stride, outputPadding } = reduction;
    const [first = 0, ...further] = dropPaths;
    this.normalisation = new LayerNorm({ channels: 2 * width });
    this.upsample = new TransposedConvolution(
      { inputChannels: 2 * width, outputChannels: width, kernel: stride, stride, outputPadding },
      random.at('upsample'),
    );
    this.cross = new NnFormerCrossBlock({ ...settings, mlpRatio: 4, dropPath: first }, random.at('cross'));
    this.blocks = further.map((_, index) => nnFormerBlock(settings, index + 1, random.at('blocks', index)));
    this.#still = settings.still;
    this.#shifted = settings.shifted;
  }

  forward(x: tf.Tensor5D, skip: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const tokensOf = (grid: tf.Tensor) =>
        tf.reshape(grid, [skip.shape[0], -1, skip.shape[4]]) as tf.Tensor3D;
      const above = tokensOf(this.upsample.forward(this.normalisation.forward(x) as tf.Tensor5D));
      let tokens = this.cross.forward(above, tokensOf(skip), this.#still, within(context, 'cross'));
      for (const [index, block] of this.blocks.entries())
        tokens = block.forward(tokens, this.#shifted, within(context, 'blocks', index));
      return tf.reshape(tokens, skip.shape);
    });
  }
}
