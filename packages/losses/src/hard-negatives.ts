import * as tf from '@tensorflow/tfjs-core';
import type { Choose } from './row-entropy.js';

/**
 * Chooses the diagonal and, of the entries that may count as negatives, the `count` largest of each row;
 * fewer where fewer may.
 * @param eligible 1 where an entry may be a negative, else 0; broadcastable to the logits, 0 on the diagonal.
 */
export function hardestNegatives(eligible: tf.Tensor, count: number): Choose {
  return (logits) => {
    const n = logits.shape.at(-1) ?? 1;
    const diagonal = tf.eye(n);
    const most = Math.min(count, n - 1);
    if (most < 1) return tf.add(tf.zerosLike(logits), diagonal);
    // An entry that may not count falls below all others; where the top of a row still reaches it, the
    // product drops it again.
    const candidates = tf.sub(logits, tf.mul(tf.sub(1, eligible), 1e9));
    const { indices } = tf.topk(candidates, most);
    const chosen = tf.sum(tf.cast(tf.oneHot(tf.cast(indices, 'int32'), n), 'float32'), -2);
    return tf.add(tf.mul(chosen, eligible), diagonal);
  };
}
