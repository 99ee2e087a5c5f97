import * as tf from '@tensorflow/tfjs-core';
import { kaimingUniform } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import { convolveDepthwise, convolveDepthwiseTransposed } from '../kernels/depthwise-convolution.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';

export interface DepthwiseConvolutionOptions {
  readonly channels: number;
  /** Side of the filters in voxels. */
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on both sides of every axis, in voxels; of a transposed one, what the forward one would have padded. Default (kernel - 1) / 2, rounded down. */
  readonly padding?: number;
  /** Upsamples: sides become (side - 1) stride - 2 padding + kernel. Default false. */
  readonly transposed?: boolean;
}

/** 3-D convolution of every channel by itself, with a bias: [N, D, H, W, C] to [N, D', H', W', C]. */
export class DepthwiseConvolution extends Module {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable;
  readonly #stride: number;
  readonly #padding: number;
  readonly #transposed: boolean;

  constructor(options: DepthwiseConvolutionOptions, random: RandomStream) {
    super();
    const { channels, kernel, stride = 1, padding = (kernel - 1) >> 1, transposed = false } = options;
    const fanIn = kernel ** 3;
    this.weight = parameter(
      kaimingUniform([kernel, kernel, kernel, 1, channels], fanIn, random.at('weight')),
    );
    this.bias = parameter(kaimingUniform([channels], fanIn, random.at('bias')));
    this.#stride = stride;
    this.#padding = padding;
    this.#transposed = transposed;
  }

  /** @throws NetworkError when the channels of `x` do not fit. */
  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const convolution = this.#transposed ? convolveDepthwiseTransposed : convolveDepthwise;
      const y = convolution(x, this.weight as tf.Tensor as tf.Tensor5D, this.#stride, this.#padding);
      return biasAdd(y, this.bias);
    });
  }
}
