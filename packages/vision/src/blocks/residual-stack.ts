import { type Context, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { ResidualBlock, type ResidualBlockOptions } from './residual-block.js';

export interface ResidualStackOptions extends ResidualBlockOptions {
  /** Blocks in a row; the first has the stride. */
  readonly blocks: number;
}

/** Residual blocks in a row: [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O]. */
export class ResidualStack extends Module {
  readonly blocks: ResidualBlock[];

  constructor({ blocks, ...options }: ResidualStackOptions, random: RandomStream) {
    super();
    this.blocks = Array.from({ length: blocks }, (_, index) => {
      const changes = index === 0 ? {} : { inputChannels: options.outputChannels, stride: 1 };
      return new ResidualBlock({ ...options, ...changes }, random.at('blocks', index));
    });
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => this.blocks.reduce((features, block) => block.forward(features, context), x));
  }
}
