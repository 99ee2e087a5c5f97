import * as tf from '@tensorflow/tfjs-core';
import { frameworkInitialisation, type Initialisation } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import { type Dimensions, type GridOf, mapAxes, type Sides, type SidesOf } from '../kernels/grid.js';
import { checkGroups, convolveGrouped } from '../kernels/grouped-convolution.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { checkWhole, sidesOf } from './sides.js';

export interface ConvolutionOptions<D extends Dimensions = 3> {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Side of the filter in voxels, one number or one an axis. */
  readonly kernel: number | SidesOf<D>;
  /** 2 for images, 3 for volumes. Default 3. */
  readonly dimensions?: D;
  /** Default 1. */
  readonly stride?: number | SidesOf<D>;
  /** Zeros on both sides of an axis, in voxels. Default dilation (kernel - 1) / 2, rounded down. */
  readonly padding?: number | SidesOf<D>;
  /** Voxels from one tap of the filter to the next. Default 1. */
  readonly dilation?: number | SidesOf<D>;
  /** Runs of channels that do not see each other; divides the channels of both sides. Default 1. */
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Default PyTorch's. */
  readonly initialisation?: Initialisation;
}

/**
 * Convolution of images [N, H, W, inputChannels] or volumes [N, D, H, W, inputChannels] to sides
 * floor((side + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 and outputChannels.
 */
export class Convolution<D extends Dimensions = 3> extends Module {
  /** [kh, kw, inputChannels / groups, outputChannels] or [kd, kh, kw, inputChannels / groups, outputChannels] */
  readonly weight: tf.Variable;
  readonly bias: tf.Variable | undefined;
  readonly #stride: Sides;
  readonly #padding: Sides;
  readonly #dilation: Sides;
  readonly #groups: number;

  /** @throws NetworkError `bad-option`, `groups-do-not-divide`. */
  constructor(options: ConvolutionOptions<D>, random: RandomStream) {
    super();
    const { inputChannels, outputChannels, groups = 1, initialisation = frameworkInitialisation } = options;
    const { kernel, stride, padding, dilation } = tapsOf(options);
    checkWhole('groups of a convolution', groups, 1);
    checkGroups(inputChannels, outputChannels, groups);
    const inputs = inputChannels / groups;
    const fanIn = kernel.reduce((product, side) => product * side, inputs);
    const shape = [...kernel, inputs, outputChannels];
    this.weight = parameter(initialisation.weight(shape, fanIn, random.at('weight')));
    this.bias =
      options.bias === false
        ? undefined
        : parameter(initialisation.bias([outputChannels], fanIn, random.at('bias')));
    this.#stride = stride;
    this.#padding = padding;
    this.#dilation = dilation;
    this.#groups = groups;
  }

  /** @throws NetworkError `wrong-rank`, `wrong-channels`, `side-too-short` when `x` does not fit. */
  forward(x: GridOf<D>): GridOf<D> {
    return tf.tidy(() => {
      const weight = this.weight as tf.Tensor as GridOf<D>;
      const y = convolveGrouped(x, weight, this.#stride, this.#padding, this.#groups, this.#dilation);
      return this.bias ? biasAdd(y, this.bias) : y;
    });
  }
}

function tapsOf(options: ConvolutionOptions<Dimensions>) {
  const { kernel, dimensions: axes = 3, stride = 1, padding, dilation = 1 } = options;
  const sides = sidesOf('kernel of a convolution', kernel, axes, 1);
  const distances = sidesOf('dilation of a convolution', dilation, axes, 1);
  const centred = mapAxes(sides, (side, axis) => ((side - 1) * (distances[axis] as number)) >> 1);
  return {
    kernel: sides,
    stride: sidesOf('stride of a convolution', stride, axes, 1),
    padding: sidesOf('padding of a convolution', padding ?? centred, axes, 0),
    dilation: distances,
  };
}
