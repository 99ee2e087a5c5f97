import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { kaimingUniform } from '../initialisers.js';
import { biasAdd } from '../kernels/bias-add.js';
import type { Triple } from '../kernels/convolution.js';
import { matrixProduct } from '../kernels/matrix-product.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { triple } from './triple.js';

export interface PatchEmbeddingOptions {
  readonly inputChannels: number;
  /** Width of a token. */
  readonly outputChannels: number;
  /** Sides of a patch in voxels. */
  readonly patch: number | Triple;
}

/**
 * A linear map of each patch of voxels to a token: [N, D, H, W, inputChannels] to [N, D / pd, H / ph, W / pw, outputChannels], after zeros at the
 * far ends where a side is no multiple. It is the convolution whose stride is its filter's side, written as one matrix product.
 */
export class PatchEmbedding extends Module {
  /** [pd, ph, pw, inputChannels, outputChannels] */
  readonly weight: tf.Variable;
  readonly bias: tf.Variable;
  readonly #patch: Triple;

  constructor({ inputChannels, outputChannels, patch }: PatchEmbeddingOptions, random: RandomStream) {
    super();
    this.#patch = triple(patch);
    const fanIn = this.#patch.reduce((product, side) => product * side, inputChannels);
    const shape = [...this.#patch, inputChannels, outputChannels];
    this.weight = parameter(kaimingUniform(shape, fanIn, random.at('weight')));
    this.bias = parameter(kaimingUniform([outputChannels], fanIn, random.at('bias')));
  }

  /** @throws NetworkError `wrong-channels` when the channels of `x` do not fit. */
  forward(x: tf.Tensor5D): tf.Tensor5D {
    const channels = this.weight.shape[3] as number;
    if (x.shape[4] !== channels) throw wrongChannels(x, channels);
    return tf.tidy(() => {
      const grid = x.shape.slice(1, 4).map((side, axis) => Math.ceil(side / (this.#patch[axis] as number)));
      const outputs = this.bias.size;
      const weight = tf.reshape(this.weight, [-1, outputs]) as tf.Tensor2D;
      const tokens = biasAdd(matrixProduct(this.#patches(x, grid), weight), this.bias);
      return tf.reshape(tokens, [x.shape[0], ...(grid as unknown as Triple), outputs]);
    });
  }

  /** One row a patch: [N d h w, pd ph pw C]. */
  #patches(x: tf.Tensor5D, grid: readonly number[]): tf.Tensor2D {
    const [d, h, w] = grid as unknown as Triple;
    const [pd, ph, pw] = this.#patch;
    const [batch, channels] = [x.shape[0], x.shape[4]];
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
    `patch embedding expects [N, D, H, W, ${expected}], received [${x.shape}]`,
    {
      hint: `give it ${expected} channels on the last axis, or build it with inputChannels ${x.shape.at(-1)}`,
    },
  );
}
