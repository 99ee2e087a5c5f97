import * as tf from '@tensorflow/tfjs-core';
import type { Context } from '../context.js';
import { randomUniform } from '../kernels/random.js';

/**
 * Stochastic depth (Huang et al. 2016): in training sets each sample of a residual branch [N, ...] to zero with probability `rate` and scales the
 * others by 1 / (1 - rate); the identity in evaluation.
 */
export function dropPath<T extends tf.Tensor>(x: T, rate: number, context: Context): T {
  if (!context.training || rate === 0) return x;
  return tf.tidy(() => {
    const shape = x.shape.map((side, axis) => (axis === 0 ? side : 1));
    const kept = tf.greaterEqual(randomUniform(shape, context.random), rate);
    return tf.mul(x, tf.mul(tf.cast(kept, 'float32'), 1 / (1 - rate))) as T;
  });
}
