import * as tf from '@tensorflow/tfjs-core';
import { isNative, runNative } from './native.js';

/** y = x + bias along the last axis; x [..., C], bias [C]. */
export function biasAdd<T extends tf.Tensor>(x: T, bias: tf.Tensor): T {
  return (isNative() ? nativeBiasAdd(x, bias) : tf.add(x, bias)) as T;
}

/** TensorFlow's BiasAdd sums the gradient in one pass, where the broadcast addition reduces axis by axis. */
const nativeBiasAdd: (x: tf.Tensor, bias: tf.Tensor) => tf.Tensor = tf.customGrad((...inputs) => {
  const [x, bias] = inputs as unknown as [tf.Tensor, tf.Tensor];
  const attributes = { T: { type: 'float32' }, data_format: { string: 'NHWC' } } as const;
  return {
    value: runNative('BiasAdd', attributes, [x, bias]),
    gradFunc: (dy: tf.Tensor) => [dy.clone(), runNative('BiasAddGrad', attributes, [dy])],
  };
}) as (x: tf.Tensor, bias: tf.Tensor) => tf.Tensor;
