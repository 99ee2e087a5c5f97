import * as tf from '@tensorflow/tfjs-core';
import { kaimingUniform } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import type { Triple } from '../kernels/convolution.js';
import { convolveDepthwise, convolveDepthwiseTransposed } from '../kernels/depthwise-convolution.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { triple } from './triple.js';

export interface DepthwiseConvolutionOptions {
  readonly channels: number;
  /** Side of the filters in voxels, one number or one an axis: [1, 13, 1] is a line along H. */
  readonly kernel: number | Triple;
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on both sides of an axis, in voxels; of a transposed one, what the forward one would have padded. Default (kernel - 1) / 2, rounded down. */
  readonly padding?: number | Triple;
  /** Upsamples: sides become (side - 1) stride - 2 padding + kernel. Default false. */
  readonly transposed?: boolean;
  /** Default true. */
  readonly bias?: boolean;
}

/** 3-D convolution of every channel by itself: [N, D, H, W, C] to [N, D', H', W', C]. */
export class DepthwiseConvolution extends Module {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable | undefined;
  readonly #stride: number;
  readonly #padding: Triple;
  readonly #transposed: boolean;

  constructor(options: DepthwiseConvolutionOptions, random: RandomStream) {
    super();
    const { channels, kernel, stride = 1, padding, transposed = false, bias = true } = options;
    const sides = triple(kernel);
    const fanIn = sides[0] * sides[1] * sides[2];
    this.weight = parameter(kaimingUniform([...sides, 1, channels], fanIn, random.at('weight')));
    this.bias = bias ? parameter(kaimingUniform([channels], fanIn, random.at('bias'))) : undefined;
    this.#stride = stride;
    this.#padding =
      padding === undefined ? (sides.map((side) => (side - 1) >> 1) as unknown as Triple) : triple(padding);
    this.#transposed = transposed;
  }

  /** @throws NetworkError when the channels of `x` do not fit. */
  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const convolution = this.#transposed ? convolveDepthwiseTransposed : convolveDepthwise;
      const y = convolution(x, this.weight as tf.Tensor as tf.Tensor5D, this.#stride, this.#padding);
      return this.bias ? biasAdd(y, this.bias) : y;
    });
  }
}
