import * as tf from '@tensorflow/tfjs-core';
import { type Context, within } from '../context.js';
import { NetworkError } from '../errors.js';
import type { AttentionRegions } from '../kernels/attention-scores.js';
import { packedAttention } from '../kernels/packed-attention.js';
import { Module } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { dropout } from './dropout.js';
import { Linear } from './linear.js';

export interface SelfAttentionOptions {
  readonly width: number;
  readonly heads: number;
  /** Learned bias of queries, keys and values. Default true. */
  readonly bias?: boolean;
  /** Dropout of the attention probabilities in training. Default 0. */
  readonly attentionDropout?: number;
  /** Dropout of the result in training. Default 0. */
  readonly dropout?: number;
}

/** What the scores depend on beside the tokens. */
export interface ScoreTerms {
  /** Added to the scores of each head, [heads, T, T]. */
  readonly bias?: tf.Tensor;
  /** Tokens of a window that do not see each other. */
  readonly regions?: AttentionRegions | undefined;
}

/** Multi-head self-attention with one linear map to queries, keys and values and one out (Vaswani et al. 2017): [B, T, width] to the same. */
export class SelfAttention extends Module {
  readonly qkv: Linear;
  readonly output: Linear;
  readonly #heads: number;
  readonly #attentionDropout: number;
  readonly #dropout: number;

  /** @throws NetworkError `heads-do-not-divide` when the width is no multiple of the heads. */
  constructor(options: SelfAttentionOptions, random: RandomStream) {
    super();
    const { width, heads, bias = true } = options;
    if (width % heads !== 0) throw indivisible(width, heads);
    this.qkv = new Linear({ inputs: width, outputs: 3 * width, bias }, random.at('qkv'));
    this.output = new Linear({ inputs: width, outputs: width }, random.at('output'));
    this.#heads = heads;
    this.#attentionDropout = options.attentionDropout ?? 0;
    this.#dropout = options.dropout ?? 0;
  }

  forward(x: tf.Tensor3D, context: Context, { bias, regions }: ScoreTerms = {}): tf.Tensor3D {
    return tf.tidy(() => {
      const rate = context.training ? this.#attentionDropout : 0;
      const terms = { bias, regions, dropout: { rate, random: context.random.at('probabilities') } };
      const y = this.output.forward(packedAttention(this.qkv.forward(x) as tf.Tensor3D, this.#heads, terms));
      return dropout(y, this.#dropout, within(context, 'output')) as tf.Tensor3D;
    });
  }
}

function indivisible(width: number, heads: number): NetworkError {
  const nearest = Math.max(1, Math.round(width / heads)) * heads;
  return new NetworkError(
    'heads-do-not-divide',
    `attention width ${width} is no multiple of its ${heads} heads`,
    {
      hint: `use a width of ${nearest}, or a number of heads that divides ${width}`,
    },
  );
}
