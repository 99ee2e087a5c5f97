import { type Context, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { NormalisedConvolution, type NormalisedConvolutionOptions } from './normalised-convolution.js';

export interface ConvolutionStackOptions extends Omit<NormalisedConvolutionOptions, 'transposed'> {
  /** Convolutions in a row; the first has the stride and the padding, the others their defaults. */
  readonly convolutions: number;
}

/** Normalised convolutions in a row: [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O]. */
export class ConvolutionStack extends Module {
  readonly convolutions: NormalisedConvolution[];

  constructor({ convolutions, stride, padding, ...common }: ConvolutionStackOptions, random: RandomStream) {
    super();
    const first = { ...common, stride, ...(padding === undefined ? {} : { padding }) };
    const further = { ...common, inputChannels: common.outputChannels, stride: 1 };
    this.convolutions = Array.from(
      { length: convolutions },
      (_, index) =>
        new NormalisedConvolution(index === 0 ? first : further, random.at('convolutions', index)),
    );
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() =>
      this.convolutions.reduce((features, convolution) => convolution.forward(features, context), x),
    );
  }
}
