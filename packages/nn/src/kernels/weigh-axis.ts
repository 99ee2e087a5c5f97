import * as tf from '@tensorflow/tfjs-core';
import { product } from '../product.js';

/**
 * The product of a constant matrix [to, from], row by row in `weights`, with every line of x along one axis, which then is `to` long; of any
 * rank. Its transpose is the exact gradient.
 */
export function weighAxis<T extends tf.Tensor>(x: T, axis: number, weights: Float32Array, to: number): T {
  const from = x.shape[axis] as number;
  const rows = tf.reshape(x, [product(x.shape.slice(0, axis)), from, product(x.shape.slice(axis + 1))]);
  const shape = x.shape.map((side, i) => (i === axis ? to : side));
  return tf.reshape(weigh(weights, from, to)(rows), shape) as T;
}

/** [B, from, inner] to [B, to, inner]. */
function weigh(weights: Float32Array, from: number, to: number): (rows: tf.Tensor) => tf.Tensor {
  const matrix = () => tf.tensor3d(weights, [1, to, from]);
  return tf.customGrad((rows) => ({
    value: tf.matMul(matrix(), rows as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.matMul(matrix(), dy, true),
  })) as (rows: tf.Tensor) => tf.Tensor;
}
