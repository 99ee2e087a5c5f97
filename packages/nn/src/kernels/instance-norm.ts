import * as tf from '@tensorflow/tfjs-core';
import { fusedAttributes } from './batch-norm.js';
import { isNative, runNativeMany } from './native.js';
import { samples, together } from './samples.js';

/**
 * Instance normalisation (Ulyanov et al. 2016): every channel of every sample to zero mean and unit variance over its voxels, then
 * scale and shift. x [N, ...spatial, C], scale and shift [C]; biased variance.
 */
export function instanceNorm<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor,
  shift: tf.Tensor,
  epsilon: number,
): T {
  const normalise = isNative() ? nativeInstanceNorm(epsilon) : compositeInstanceNorm(epsilon);
  return normalise(x, scale, shift) as T;
}

type Kernel = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) => tf.Tensor;

/** The definition in basic operations, for every backend. */
export function compositeInstanceNorm(epsilon: number): Kernel {
  return (x, scale, shift) => {
    const axes = x.shape.slice(1, -1).map((_, axis) => axis + 1);
    const { mean, variance } = tf.moments(x, axes, true);
    const normalised = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(normalised, scale), shift);
  };
}

/**
 * TensorFlow's fused batch normalisation in training mode, sample by sample: over one sample, batch statistics are instance statistics.
 * It reads memory twice where the composite does so seven times.
 */
function nativeInstanceNorm(epsilon: number): Kernel {
  return tf.customGrad((...inputs) => {
    const [x, scale, shift, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const none = tf.tensor1d([]);
    const results = samples(x).map((sample) =>
      runNativeMany('FusedBatchNormV3', fusedAttributes(epsilon), [sample, scale, shift, none, none], 6),
    );
    save([x, scale, ...results.flatMap((outputs) => outputs.slice(3, 6))]);
    const value = together(
      results.map((outputs) => outputs[0] as tf.Tensor),
      x.shape,
    );
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => instanceNormGradient(dy, saved, epsilon)),
    };
  }) as Kernel;
}

function instanceNormGradient(dy: tf.Tensor, saved: tf.Tensor[], epsilon: number): tf.Tensor[] {
  const [x, scale, ...reserved] = saved as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  const inputs = samples(x);
  const results = samples(dy).map((gradient, n) =>
    runNativeMany(
      'FusedBatchNormGradV3',
      fusedAttributes(epsilon),
      [gradient, inputs[n] as tf.Tensor, scale, ...reserved.slice(3 * n, 3 * n + 3)],
      5,
    ),
  );
  const part = (output: number) => results.map((outputs) => outputs[output] as tf.Tensor);
  return [together(part(0), x.shape), tf.addN(part(1)), tf.addN(part(2))];
}
