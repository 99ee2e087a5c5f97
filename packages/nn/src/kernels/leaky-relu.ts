import * as tf from '@tensorflow/tfjs-core';
import { isNative, runNative } from './native.js';

/**
 * y = x for x > 0, slope * x otherwise, with a fixed slope. Of a slope not below 0, y has the sign of x and alone is kept for the gradient:
 * what follows keeps it too, and x can be freed.
 */
export function leakyRelu<T extends tf.Tensor>(x: T, slope: number): T {
  if (!isNative()) return tf.leakyRelu(x, slope);
  const attributes = { T: { type: 'float32' }, alpha: { float: slope } } as const;
  const kernel = tf.customGrad((...inputs) => {
    const [features, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    const value = runNative('LeakyRelu', attributes, [features]);
    save([slope >= 0 ? value : features]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runNative('LeakyReluGrad', attributes, [dy, saved[0] as tf.Tensor]),
    };
  });
  return kernel(x) as T;
}

/** The same with one learned slope for all channels, as PyTorch's PReLU has it by default; slope [1]. */
export function parametricRelu<T extends tf.Tensor>(x: T, slope: tf.Tensor): T {
  return (
    isNative() ? nativeParametricRelu(x, slope) : tf.sub(tf.relu(x), tf.mul(slope, tf.relu(tf.neg(x))))
  ) as T;
}

/** Reads the slope back and runs the fixed-slope operation: one pass where arithmetic on a broadcast slope takes four. */
const nativeParametricRelu: (x: tf.Tensor, slope: tf.Tensor) => tf.Tensor = tf.customGrad((...inputs) => {
  const [x, slope, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
  save([x]);
  const attributes = { T: { type: 'float32' }, alpha: { float: slope.dataSync()[0] ?? 0 } } as const;
  return {
    value: runNative('LeakyRelu', attributes, [x]),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const features = saved[0] as tf.Tensor;
      const toFeatures = runNative('LeakyReluGrad', attributes, [dy, features]);
      return [toFeatures, tf.reshape(tf.sum(tf.mul(dy, tf.minimum(features, 0))), [1])];
    },
  };
}) as (x: tf.Tensor, slope: tf.Tensor) => tf.Tensor;
