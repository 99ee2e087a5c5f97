import * as tf from '@tensorflow/tfjs-core';
import { product } from '../product.js';

/** Every entry of x along one axis `times` times, one after the other: its side n becomes times n. Of any rank; the gradient is their sum. */
export function repeatAxis<T extends tf.Tensor>(x: T, axis: number, times: number): T {
  const { shape } = x;
  const [outer, inner] = [product(shape.slice(0, axis + 1)), product(shape.slice(axis + 1))];
  const repeated = shape.map((side, i) => (i === axis ? times * side : side));
  const kernel = tf.customGrad((...inputs) => ({
    value: tf.tidy(() => {
      const single = tf.reshape(inputs[0] as tf.Tensor, [outer, 1, inner]);
      const copies = Array.from({ length: times }, () => single);
      return tf.reshape(tf.concat(copies, 1), repeated);
    }),
    gradFunc: (dy: tf.Tensor) =>
      tf.tidy(() => tf.reshape(tf.sum(tf.reshape(dy, [outer, times, inner]), 1), shape)),
  }));
  return kernel(x) as T;
}
