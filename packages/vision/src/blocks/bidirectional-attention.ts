import { Convolution, Module, type RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { SeparableConvolution } from './separable-convolution.js';

/** Features [N, D, H, W, C] and the semantic map that goes with them, its M tokens in a row: [N, M, 1, 1, C]. A type, so that `tf.tidy` may return it. */
export type MappedFeatures = { readonly features: tf.Tensor5D; readonly map: tf.Tensor5D };

export interface BidirectionalAttentionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly mapChannels: number;
  readonly heads: number;
  /** Channels of a head. */
  readonly headWidth: number;
  /** Sides of the depthwise filters before the projections of the features; without it there are none. */
  readonly kernel: Triple | undefined;
  /** Whether the map is changed too. */
  readonly returnsMap: boolean;
}

/**
 * Bidirectional attention (Gao et al. 2022, MedFormer) between V voxels and M tokens of a semantic map by one matrix of scores
 * S = Qx Qm^T / sqrt(d), [V, M] a head: the voxels read softmax over M of S times Vm, the map softmax over V of S^T times Vx.
 */
export class BidirectionalAttention extends Module {
  readonly fromFeatures: SeparableConvolution;
  readonly fromMap: Convolution;
  readonly toFeatures: SeparableConvolution;
  readonly toMap: Convolution | undefined;
  readonly #heads: number;
  readonly #headWidth: number;

  constructor(options: BidirectionalAttentionOptions, random: RandomStream) {
    super();
    const { inputChannels, outputChannels, mapChannels, heads, headWidth, kernel } = options;
    const inner = heads * headWidth;
    const map = { kernel: 1, bias: false };
    this.fromFeatures = new SeparableConvolution(
      { inputChannels, outputChannels: 2 * inner, kernel },
      random.at('fromFeatures'),
    );
    this.fromMap = new Convolution(
      { ...map, inputChannels: mapChannels, outputChannels: 2 * inner },
      random.at('fromMap'),
    );
    this.toFeatures = new SeparableConvolution(
      { inputChannels: inner, outputChannels, kernel },
      random.at('toFeatures'),
    );
    this.toMap = options.returnsMap
      ? new Convolution({ ...map, inputChannels: inner, outputChannels: mapChannels }, random.at('toMap'))
      : undefined;
    this.#heads = heads;
    this.#headWidth = headWidth;
  }

  /** What is added to the features, [N, D, H, W, O], and to the map; the map itself where it is not changed. */
  attend({ features, map }: MappedFeatures): MappedFeatures {
    return tf.tidy(() => {
      const [voxelQueries, voxelValues] = this.#split(this.fromFeatures.forward(features));
      const [queries, tokenValues] = this.#split(this.fromMap.forward(map));
      const tokenQueries = tf.mul(queries, 1 / Math.sqrt(this.#headWidth));
      const seen = read(voxelQueries, tokenQueries, tokenValues);
      return {
        features: this.toFeatures.forward(this.#join(seen, features.shape)),
        map: this.toMap
          ? this.toMap.forward(this.#join(read(tokenQueries, voxelQueries, voxelValues), map.shape))
          : map,
      };
    });
  }

  /** [N, ...places, 2 d heads] to queries and values [N, heads, T, d]: of the channels of each, the head is the fastest. */
  #split(x: tf.Tensor5D): [tf.Tensor, tf.Tensor] {
    const [batch] = x.shape;
    const shape = [batch, -1, 2, this.#headWidth, this.#heads];
    const parts = tf.transpose(tf.reshape(x, shape), [2, 0, 4, 1, 3]);
    return tf.unstack(parts) as [tf.Tensor, tf.Tensor];
  }

  /** [N, heads, T, d] to [N, ...places, d heads] of a grid of this shape. */
  #join(x: tf.Tensor, [batch, ...rest]: readonly number[]): tf.Tensor5D {
    const places = rest.slice(0, 3);
    const joined = tf.transpose(x, [0, 2, 3, 1]);
    const shape = [batch as number, ...places, this.#heads * this.#headWidth];
    return tf.reshape<tf.Rank>(joined, shape) as tf.Tensor5D;
  }
}

/** softmax(Q K^T) V for [N, heads, T, d] and [N, heads, S, d]. */
function read(queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.matMul(tf.softmax(tf.matMul(queries, keys, false, true)), values));
}
