import * as tf from '@tensorflow/tfjs-core';
import { frameworkInitialisation, type Initialisation } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import { convolve, type Triple } from '../kernels/convolution.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { triple } from './triple.js';

export interface ConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Side of the filter in voxels, one number or one an axis. */
  readonly kernel: number | Triple;
  /** Default 1. */
  readonly stride?: number | Triple;
  /** Zeros on both sides of an axis, in voxels. Default (kernel - 1) / 2, rounded down. */
  readonly padding?: number | Triple;
  /** Default true. */
  readonly bias?: boolean;
  /** Default PyTorch's. */
  readonly initialisation?: Initialisation;
}

/** 3-D convolution: [N, D, H, W, inputChannels] to [N, D', H', W', outputChannels]. */
export class Convolution extends Module {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable | undefined;
  readonly #stride: Triple;
  readonly #padding: Triple;

  constructor(options: ConvolutionOptions, random: RandomStream) {
    super();
    const {
      inputChannels,
      outputChannels,
      kernel,
      stride = 1,
      padding,
      bias = true,
      initialisation = frameworkInitialisation,
    } = options;
    const sides = triple(kernel);
    const fanIn = inputChannels * sides[0] * sides[1] * sides[2];
    this.weight = parameter(
      initialisation.weight([...sides, inputChannels, outputChannels], fanIn, random.at('weight')),
    );
    this.bias = bias ? parameter(initialisation.bias([outputChannels], fanIn, random.at('bias'))) : undefined;
    this.#stride = triple(stride);
    this.#padding =
      padding === undefined ? (sides.map((side) => (side - 1) >> 1) as unknown as Triple) : triple(padding);
  }

  /** @throws NetworkError when the channels of `x` do not fit. */
  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const y = convolve(x, this.weight as tf.Tensor as tf.Tensor5D, this.#stride, this.#padding);
      return this.bias ? biasAdd(y, this.bias) : y;
    });
  }
}
