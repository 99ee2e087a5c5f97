import * as tf from '@tensorflow/tfjs-core';
import { frameworkInitialisation, type Initialisation } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import { convolveTransposed } from '../kernels/convolution.js';
import type { Dimensions, GridOf, Sides, SidesOf } from '../kernels/grid.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { sidesOf } from './sides.js';

export interface TransposedConvolutionOptions<D extends Dimensions = 3> {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: number | SidesOf<D>;
  /** 2 for images, 3 for volumes. Default 3. */
  readonly dimensions?: D;
  readonly stride: number | SidesOf<D>;
  /** What the forward convolution would have padded, in voxels. Default 0. */
  readonly padding?: number | SidesOf<D>;
  /** Voxels added at the far end of each axis, to choose among the sizes that a strided convolution maps to one. Default 0. */
  readonly outputPadding?: number | SidesOf<D>;
  /** Default true. */
  readonly bias?: boolean;
  /** Default PyTorch's. */
  readonly initialisation?: Initialisation;
}

/**
 * Transposed convolution of images [N, H, W, inputChannels] or volumes [N, D, H, W, inputChannels] to sides
 * (side - 1) stride - 2 padding + kernel + outputPadding and outputChannels.
 */
export class TransposedConvolution<D extends Dimensions = 3> extends Module {
  /** [kh, kw, outputChannels, inputChannels] or [kd, kh, kw, outputChannels, inputChannels] */
  readonly weight: tf.Variable;
  readonly bias: tf.Variable | undefined;
  readonly #stride: Sides;
  readonly #padding: Sides;
  readonly #outputPadding: Sides;

  /** @throws NetworkError `bad-option`. */
  constructor(options: TransposedConvolutionOptions<D>, random: RandomStream) {
    super();
    const { inputChannels, outputChannels, initialisation = frameworkInitialisation } = options;
    const { kernel, stride, padding, outputPadding } = sidesOfAll(options);
    // PyTorch counts the fan-in of a transposed filter over its output channels.
    const fanIn = kernel.reduce((product, side) => product * side, outputChannels);
    const shape = [...kernel, outputChannels, inputChannels];
    this.weight = parameter(initialisation.weight(shape, fanIn, random.at('weight')));
    this.bias =
      options.bias === false
        ? undefined
        : parameter(initialisation.bias([outputChannels], fanIn, random.at('bias')));
    this.#stride = stride;
    this.#padding = padding;
    this.#outputPadding = outputPadding;
  }

  /** @throws NetworkError `wrong-rank`, `wrong-channels` when `x` does not fit. */
  forward(x: GridOf<D>): GridOf<D> {
    return tf.tidy(() => {
      const weight = this.weight as tf.Tensor as GridOf<D>;
      const y = convolveTransposed(x, weight, this.#stride, this.#padding, this.#outputPadding);
      return this.bias ? biasAdd(y, this.bias) : y;
    });
  }
}

function sidesOfAll(options: TransposedConvolutionOptions<Dimensions>) {
  const { kernel, dimensions: axes = 3, stride, padding = 0, outputPadding = 0 } = options;
  const sides = (name: string, value: number | Sides, least: number) =>
    sidesOf(`${name} of a transposed convolution`, value, axes, least);
  return {
    kernel: sides('kernel', kernel, 1),
    stride: sides('stride', stride, 1),
    padding: sides('padding', padding, 0),
    outputPadding: sides('outputPadding', outputPadding, 0),
  };
}
