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
  const { y, statistics } = isNative()
    ? nativeBatchNorm(rows, scale, shift, epsilon)
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

type Normalised = ReturnType<typeof batchNormTraining>;

function compositeBatchNorm(
  rows: tf.Tensor,
  scale: tf.Tensor,
  shift: tf.Tensor,
  epsilon: number,
): Normalised {
  const count = rows.shape[1] as number;
  const { mean, variance } = tf.moments(rows, [0, 1, 2]);
  const unbiasedVariance = tf.mul(variance, count / Math.max(1, count - 1));
  return {
    y: batchNormInference(rows, scale, shift, mean, variance, epsilon),
    statistics: { mean, unbiasedVariance },
  };
}

/** The fused operation yields the statistics it has taken. It runs before the node on the tape is made, which can hand out one tensor only. */
function nativeBatchNorm(rows: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, epsilon: number): Normalised {
  const attributes = fusedAttributes(epsilon);
  const none = tf.tensor1d([]);
  const outputs = runNativeMany('FusedBatchNormV3', attributes, [rows, scale, shift, none, none], 6);
  const [normalised, mean, unbiasedVariance, ...reserved] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
  const kernel = tf.customGrad((...inputs) => {
    const [x, gain, , save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([x, gain, ...reserved]);
    return {
      value: normalised.clone(),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runNativeMany('FusedBatchNormGradV3', attributes, [dy, ...saved], 5).slice(0, 3),
    };
  });
  return { y: kernel(rows, scale, shift), statistics: { mean, unbiasedVariance } };
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
