import * as tf from '@tensorflow/tfjs-core';
import { isNative, runNativeMany } from './native.js';

export interface BatchStatistics {
  readonly mean: tf.Tensor;
  /** Divided by n - 1, as PyTorch keeps it in its running variance. */
  readonly unbiasedVariance: tf.Tensor;
}

/**
 * Batch normalisation over all axes but the last (Ioffe and Szegedy 2015), training mode, with the batch's statistics.
 * x [..., C], scale and shift [C].
 */
export function batchNormTraining<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor,
  shift: tf.Tensor,
  epsilon: number,
): { y: T; statistics: BatchStatistics } {
  const rows = tf.reshape(x, [1, -1, 1, x.shape.at(-1) as number]);
  const statistics = tf.tidy(() => moments(rows));
  const y = isNative()
    ? nativeBatchNorm(epsilon)(rows, scale, shift)
    : compositeBatchNorm(rows, scale, shift, epsilon);
  return { y: tf.reshape(y, x.shape) as T, statistics };
}

/** Inference mode, with given statistics. */
export function batchNormInference<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor,
  shift: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
): T {
  const gain = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(x, gain), tf.sub(shift, tf.mul(mean, gain))) as T;
}

function moments(rows: tf.Tensor): { mean: tf.Tensor; unbiasedVariance: tf.Tensor } {
  const count = rows.shape[1] as number;
  const { mean, variance } = tf.moments(rows, [0, 1, 2]);
  return { mean, unbiasedVariance: tf.mul(variance, count / Math.max(1, count - 1)) };
}

function compositeBatchNorm(rows: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, epsilon: number): tf.Tensor {
  const { mean, variance } = tf.moments(rows, [0, 1, 2]);
  return batchNormInference(rows, scale, shift, mean, variance, epsilon);
}

function nativeBatchNorm(epsilon: number): (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) => tf.Tensor {
  const attributes = fusedAttributes(epsilon);
  return tf.customGrad((...inputs) => {
    const [x, scale, shift, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const none = tf.tensor1d([]);
    const [y, , , ...reserved] = runNativeMany(
      'FusedBatchNormV3',
      attributes,
      [x, scale, shift, none, none],
      6,
    );
    save([x, scale, ...reserved]);
    return {
      value: y as tf.Tensor,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runNativeMany('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3),
    };
  }) as (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) => tf.Tensor;
}

/** Attributes of TensorFlow's fused batch normalisation: with the statistics of its input (training), or with given ones. */
export function fusedAttributes(epsilon: number, isTraining = true): Parameters<typeof runNativeMany>[1] {
  return {
    T: { type: 'float32' },
    U: { type: 'float32' },
    epsilon: { float: epsilon },
    exponential_avg_factor: { float: 1 },
    data_format: { string: 'NHWC' },
    is_training: { bool: isTraining },
  };
}
