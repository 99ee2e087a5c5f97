import * as tf from '@tensorflow/tfjs-core';
import { frameworkInitialisation, type Initialisation } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import { convolveTransposed } from '../kernels/convolution.js';
import type { Grid, Sides } from '../kernels/grid.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { type Dimensions, dimensionsOf, sidesOf } from './sides.js';

export interface TransposedConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: number | Sides;
  /** Of the grid: 2 for images, 3 for volumes. Default as many as `kernel` has numbers, else 3. */
  readonly dimensions?: Dimensions;
  readonly stride: number | Sides;
  /** What the forward convolution would have padded, in voxels. Default 0. */
  readonly padding?: number | Sides;
  /** Voxels added at the far end of each axis, to choose among the sizes that a strided convolution maps to one. Default 0. */
  readonly outputPadding?: number | Sides;
  /** Default true. */
  readonly bias?: boolean;
  /** Default PyTorch's. */
  readonly initialisation?: Initialisation;
}

/**
 * Transposed convolution of images [N, H, W, inputChannels] or volumes [N, D, H, W, inputChannels] to sides
 * (side - 1) stride - 2 padding + kernel + outputPadding and outputChannels.
 */
export class TransposedConvolution extends Module {
  /** [kh, kw, outputChannels, inputChannels] or [kd, kh, kw, outputChannels, inputChannels] */
  readonly weight: tf.Variable;
  readonly bias: tf.Variable | undefined;
  readonly #stride: Sides;
  readonly #padding: Sides;
  readonly #outputPadding: Sides;

  /** @throws NetworkError `bad-option`. */
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
    const axes = dimensionsOf(options.dimensions, kernel);
    const sides = sidesOf('kernel of a transposed convolution', kernel, axes, 1);
    // PyTorch counts the fan-in of a transposed filter over its output channels.
    const fanIn = sides.reduce((product, side) => product * side, outputChannels);
    this.weight = parameter(
      initialisation.weight([...sides, outputChannels, inputChannels], fanIn, random.at('weight')),
    );
    this.bias = bias ? parameter(initialisation.bias([outputChannels], fanIn, random.at('bias'))) : undefined;
    this.#stride = sidesOf('stride of a transposed convolution', stride, axes, 1);
    this.#padding = sidesOf('padding of a transposed convolution', padding, axes, 0);
    this.#outputPadding = sidesOf('outputPadding of a transposed convolution', outputPadding, axes, 0);
  }

  /** @throws NetworkError `wrong-rank`, `wrong-channels` when `x` does not fit. */
  forward<T extends Grid>(x: T): T {
    return tf.tidy(() => {
      const weight = this.weight as tf.Tensor as T;
      const y = convolveTransposed(x, weight, this.#stride, this.#padding, this.#outputPadding);
      return this.bias ? biasAdd(y, this.bias) : y;
    });
  }
}
