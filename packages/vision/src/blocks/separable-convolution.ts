import { Convolution, DepthwiseConvolution, Module, type RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface SeparableConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Sides of the depthwise filters; without it there are none, and the 1x1x1 convolution stands alone. */
  readonly kernel: Triple | undefined;
}

/** A filter a channel, then 1x1x1 over all channels, both without bias: [N, D, H, W, I] to [N, D, H, W, O]. */
export class SeparableConvolution extends Module {
  readonly depthwise: DepthwiseConvolution | undefined;
  readonly pointwise: Convolution;

  constructor({ inputChannels, outputChannels, kernel }: SeparableConvolutionOptions, random: RandomStream) {
    super();
    this.depthwise = kernel
      ? new DepthwiseConvolution({ channels: inputChannels, kernel, bias: false }, random.at('depthwise'))
      : undefined;
    this.pointwise = new Convolution(
      { inputChannels, outputChannels, kernel: 1, bias: false },
      random.at('pointwise'),
    );
  }

  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => this.pointwise.forward(this.depthwise ? this.depthwise.forward(x) : x));
  }
}
