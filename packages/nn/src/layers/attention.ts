import * as tf from '@tensorflow/tfjs-core';
import type { Context } from '../context.js';
import { NetworkError } from '../errors.js';
import { Module } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { dotProductAttention } from './dot-product-attention.js';
import { mergeHeads, splitHeads } from './heads.js';
import { Linear } from './linear.js';

export interface AttentionOptions {
  /** Width of the queries and of the result. */
  readonly width: number;
  readonly heads: number;
  /** Width over all heads inside the attention. Default `width`. */
  readonly inner?: number;
  /** Width of keys and values as they come in. Default `width`. */
  readonly memoryWidth?: number;
  /** Dropout of the attention probabilities in training. Default 0. */
  readonly dropout?: number;
}

/**
 * Multi-head attention, softmax(Q K^T / sqrt(inner / heads)) V with linear maps in and out (Vaswani et al. 2017).
 * Queries [B, T, width] look at a memory [B, S, memoryWidth]; the result is [B, T, width].
 */
export class Attention extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly #heads: number;
  readonly #dropout: number;

  /** @throws NetworkError `heads-do-not-divide` when the inner width is no multiple of the heads. */
  constructor(options: AttentionOptions, random: RandomStream) {
    super();
    const { width, heads, inner = width, memoryWidth = width } = options;
    if (inner % heads !== 0) throw indivisible(inner, heads);
    this.query = new Linear({ inputs: width, outputs: inner }, random.at('query'));
    this.key = new Linear({ inputs: memoryWidth, outputs: inner }, random.at('key'));
    this.value = new Linear({ inputs: memoryWidth, outputs: inner }, random.at('value'));
    this.output = new Linear({ inputs: inner, outputs: width }, random.at('output'));
    this.#heads = heads;
    this.#dropout = options.dropout ?? 0;
  }

  /** `bias` [B or 1, 1, T or 1, S] is added to the scores before the softmax; a large negative number hides a key. */
  forward(queries: tf.Tensor3D, memory: tf.Tensor3D, context: Context, bias?: tf.Tensor): tf.Tensor3D {
    return tf.tidy(() => {
      const q = this.#split(this.query.forward(queries));
      const k = this.#split(this.key.forward(memory));
      const v = this.#split(this.value.forward(memory));
      const terms = { scale: 1 / Math.sqrt(q.shape[3]), bias, dropout: this.#dropout };
      return this.output.forward(mergeHeads(dotProductAttention(q, k, v, context, terms))) as tf.Tensor3D;
    });
  }

  #split(x: tf.Tensor): tf.Tensor4D {
    return splitHeads(x as tf.Tensor3D, this.#heads);
  }
}

function indivisible(inner: number, heads: number): NetworkError {
  const nearest = Math.max(1, Math.round(inner / heads)) * heads;
  return new NetworkError(
    'heads-do-not-divide',
    `attention width ${inner} is no multiple of its ${heads} heads`,
    {
      hint: `use a width of ${nearest}, or a number of heads that divides ${inner}`,
    },
  );
}
