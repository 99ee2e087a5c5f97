import * as tf from '@tensorflow/tfjs-core';
import { type Context, within } from '../context.js';
import { dropout } from './dropout.js';

/** What the scores depend on beside queries and keys. */
export interface AttentionTerms {
  /** The scores are multiplied by it. */
  readonly scale: number;
  /** Added to the scores before the softmax; broadcast to [B, heads, T, S]. */
  readonly bias?: tf.Tensor | undefined;
  /** Dropout of the probabilities in training. Default 0. */
  readonly dropout?: number;
}

/**
 * softmax(scale Q K^T + bias) V of every head (Vaswani et al. 2017): queries [B, heads, T, d], keys [B, heads, S, d] and values
 * [B, heads, S, e] to [B, heads, T, e]. All scores are held at once: B * heads * T * S numbers.
 */
export function dotProductAttention(
  queries: tf.Tensor4D,
  keys: tf.Tensor4D,
  values: tf.Tensor4D,
  context: Context,
  { scale, bias, dropout: rate = 0 }: AttentionTerms,
): tf.Tensor4D {
  return tf.tidy(() => {
    const scores = tf.matMul(tf.mul(queries, scale), keys, false, true);
    const probabilities = tf.softmax(bias ? tf.add(scores, bias) : scores);
    return tf.matMul(dropout(probabilities, rate, within(context, 'probabilities')), values) as tf.Tensor4D;
  });
}
