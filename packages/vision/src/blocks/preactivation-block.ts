import { Convolution, GroupNorm, leakyRelu, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface PreactivationBlockOptions {
  readonly channels: number;
  /** Of the group norms. */
  readonly groups: number;
}

/**
 * y = x + two times (group norm, ReLU, 3x3x3 convolution without bias) of x (He et al. 2016, as Myronenko 2018 has it):
 * [N, D, H, W, C] to the same shape.
 */
export class PreactivationBlock extends Module {
  readonly normalisations: GroupNorm[];
  readonly convolutions: Convolution[];

  constructor({ channels, groups }: PreactivationBlockOptions, random: RandomStream) {
    super();
    const options = { inputChannels: channels, outputChannels: channels, kernel: 3, bias: false };
    this.normalisations = [0, 1].map(() => new GroupNorm({ channels, groups }));
    this.convolutions = [0, 1].map((index) => new Convolution(options, random.at('convolutions', index)));
  }

  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const through = this.convolutions.reduce((features, convolution, index) => {
        const normalised = (this.normalisations[index] as GroupNorm).forward(features);
        return convolution.forward(leakyRelu(normalised, 0));
      }, x);
      return tf.add(x, through);
    });
  }
}
