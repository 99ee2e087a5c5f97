import * as tf from '@tensorflow/tfjs-core';
import type { Context } from '../context.js';
import { randomUniform } from '../kernels/random.js';

/** In training sets each number to zero with probability `rate` and scales the others by 1 / (1 - rate); the identity in evaluation. */
export function dropout<T extends tf.Tensor>(x: T, rate: number, context: Context): T {
  if (!context.training || rate === 0) return x;
  return tf.tidy(() => {
    const kept = tf.greaterEqual(randomUniform(x.shape, context.random), rate);
    return tf.mul(x, tf.mul(tf.cast(kept, 'float32'), 1 / (1 - rate))) as T;
  });
}
