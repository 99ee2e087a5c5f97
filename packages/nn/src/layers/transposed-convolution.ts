import * as tf from '@tensorflow/tfjs-core';
import { frameworkInitialisation, type Initialisation } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import { convolveTransposed, type Triple } from '../kernels/convolution.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { triple } from './triple.js';

export interface TransposedConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: number | Triple;
  readonly stride: number | Triple;
  /** What the forward convolution would have padded, in voxels. Default 0. */
  readonly padding?: number | Triple;
  /** Voxels added at the far end of each axis, to choose among the sizes that a strided convolution maps to one. Default 0. */
  readonly outputPadding?: number | Triple;
  /** Default true. */
  readonly bias?: boolean;
  /** Default PyTorch's. */
  readonly initialisation?: Initialisation;
}

/** Transposed 3-D convolution: [N, D, H, W, inputChannels] to sides (side - 1) stride - 2 padding + kernel + outputPadding. */
export class TransposedConvolution extends Module {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable | undefined;
  readonly #stride: Triple;
  readonly #padding: Triple;
  readonly #outputPadding: Triple;

  constructor(options: TransposedConvolutionOptions, random: RandomStream) {
    super();
    const {
      inputChannels,
      outputChannels,
      kernel,
      stride,
      padding = 0,
      outputPadding = 0,
      bias = true,
      initialisation = frameworkInitialisation,
    } = options;
    const sides = triple(kernel);
    // PyTorch counts the fan-in of a transposed filter over its output channels.
    const fanIn = outputChannels * sides[0] * sides[1] * sides[2];
    this.weight = parameter(
      initialisation.weight([...sides, outputChannels, inputChannels], fanIn, random.at('weight')),
    );
    this.bias = bias ? parameter(initialisation.bias([outputChannels], fanIn, random.at('bias'))) : undefined;
    this.#stride = triple(stride);
    this.#padding = triple(padding);
    this.#outputPadding = triple(outputPadding);
  }

  /** @throws NetworkError when the channels of `x` do not fit. */
  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const weight = this.weight as tf.Tensor as tf.Tensor5D;
      const y = convolveTransposed(x, weight, this.#stride, this.#padding, this.#outputPadding);
      return this.bias ? biasAdd(y, this.bias) : y;
    });
  }
}
