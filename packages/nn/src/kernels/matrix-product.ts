import * as tf from '@tensorflow/tfjs-core';
import { isNative, runNative } from './native.js';

/** Product of two matrices, a [M, K] and b [K, N]. TensorFlow's MatMul is about 1.7 times faster than the batched one behind `tf.matMul`. */
export function matrixProduct(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return isNative() ? nativeProduct(a, b) : tf.matMul(a, b);
}

const nativeProduct: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D = tf.customGrad((...inputs) => {
  const [a, b, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
  save([a, b]);
  return {
    value: multiply(a, b, false, false),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [left, right] = saved as [tf.Tensor, tf.Tensor];
      return [multiply(dy, right, false, true), multiply(left, dy, true, false)];
    },
  };
}) as (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D;

function multiply(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor {
  const attributes = {
    T: { type: 'float32' },
    transpose_a: { bool: transposeA },
    transpose_b: { bool: transposeB },
  } as const;
  return runNative('MatMul', attributes, [a, b]);
}
