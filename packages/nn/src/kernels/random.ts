import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from '../random-stream.js';
import { isNative, runNative } from './native.js';

/** Uniform numbers in [0, 1), a function of the stream alone; on the native backend by TensorFlow's counter-based generator (Philox). */
export function randomUniform(shape: number[], random: RandomStream): tf.Tensor {
  if (!isNative()) return tf.randomUniform(shape, 0, 1, 'float32', random.key);
  return runStateless('StatelessRandomUniform', shape, random);
}

/** Standard normal numbers, a function of the stream alone. */
export function randomNormal(shape: number[], random: RandomStream): tf.Tensor {
  if (!isNative()) return tf.randomNormal(shape, 0, 1, 'float32', random.key);
  return runStateless('StatelessRandomNormal', shape, random);
}

function runStateless(operation: string, shape: number[], random: RandomStream): tf.Tensor {
  return tf.tidy(() => {
    const seed = tf.tensor1d([random.key | 0, 0], 'int32');
    const attributes = {
      dtype: { type: 'float32' },
      T: { type: 'int32' },
      Tseed: { type: 'int32' },
    } as const;
    return runNative(operation, attributes, [tf.tensor1d(shape, 'int32'), seed]);
  });
}
