import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { kaimingUniform } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import {
  checkAxes,
  type Dimensions,
  type Grid,
  type GridOf,
  gridShape,
  type Sides,
  type SidesOf,
} from '../kernels/grid.js';
import { matrixProduct } from '../kernels/matrix-product.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { sidesOf } from './sides.js';

export interface PatchEmbeddingOptions<D extends Dimensions = 3> {
  readonly inputChannels: number;
  /** Width of a token. */
  readonly outputChannels: number;
  /** Sides of a patch in voxels. */
  readonly patch: number | SidesOf<D>;
  /** 2 for images, 3 for volumes. Default 3. */
  readonly dimensions?: D;
}

/**
 * A linear map of each patch of an image [N, H, W, inputChannels] or a volume [N, D, H, W, inputChannels] to a token, sides become side / patch,
 * after zeros at the far ends where a side is no multiple. It is the convolution whose stride is its filter's side, written as one matrix product.
 */
export class PatchEmbedding<D extends Dimensions = 3> extends Module {
  /** [ph, pw, inputChannels, outputChannels] or [pd, ph, pw, inputChannels, outputChannels] */
  readonly weight: tf.Variable;
  readonly bias: tf.Variable;
  readonly #patch: Sides;

  /** @throws NetworkError `bad-option`. */
  constructor(options: PatchEmbeddingOptions<D>, random: RandomStream) {
    super();
    const { inputChannels, outputChannels, patch, dimensions = 3 } = options;
    this.#patch = sidesOf('patch of an embedding', patch, dimensions, 1);
    const fanIn = this.#patch.reduce((product, side) => product * side, inputChannels);
    const shape = [...this.#patch, inputChannels, outputChannels];
    this.weight = parameter(kaimingUniform(shape, fanIn, random.at('weight')));
    this.bias = parameter(kaimingUniform([outputChannels], fanIn, random.at('bias')));
  }

  /** @throws NetworkError `wrong-rank`, `wrong-channels` when `x` does not fit. */
  forward(x: GridOf<D>): GridOf<D> {
    checkAxes('patch embedding', x, this.#patch.length);
    const channels = this.weight.shape.at(-2) as number;
    if (x.shape.at(-1) !== channels) throw wrongChannels(x, channels);
    return tf.tidy(() => {
      const grid = this.#patch.map((side, axis) => Math.ceil((x.shape[axis + 1] as number) / side));
      const outputs = this.bias.size;
      const weight = tf.reshape(this.weight, [-1, outputs]) as tf.Tensor2D;
      const tokens = biasAdd(matrixProduct(this.#patches(x, grid), weight), this.bias);
      return tf.reshape<tf.Rank>(tokens, [x.shape[0], ...grid, outputs]) as GridOf<D>;
    });
  }

  /** One row a patch: [N d h w, pd ph pw C]. An image is a volume of one plane. */
  #patches(x: Grid, grid: readonly number[]): tf.Tensor2D {
    const plane = grid.length === 2 ? [1] : [];
    const [d, h, w] = [...plane, ...grid] as [number, number, number];
    const [pd, ph, pw] = [...plane, ...this.#patch] as [number, number, number];
    const [batch, channels] = [x.shape[0], x.shape.at(-1) as number];
    const margins = grid.map((count, axis): [number, number] => {
      return [0, count * (this.#patch[axis] as number) - (x.shape[axis + 1] as number)];
    });
    const padded = margins.some(([, end]) => end > 0)
      ? tf.pad(x as tf.Tensor, [[0, 0], ...margins, [0, 0]])
      : x;
    const split = tf.reshape(padded, [batch * d, pd, h, ph, w, pw * channels]);
    return tf.reshape(tf.transpose(split, [0, 2, 4, 1, 3, 5]), [batch * d * h * w, pd * ph * pw * channels]);
  }
}

function wrongChannels(x: tf.Tensor, expected: number): NetworkError {
  return new NetworkError(
    'wrong-channels',
    `patch embedding expects ${gridShape(x.rank - 2, expected)}, received [${x.shape}]`,
    {
      hint: `give it ${expected} channels on the last axis, or build it with inputChannels ${x.shape.at(-1)}`,
    },
  );
}
