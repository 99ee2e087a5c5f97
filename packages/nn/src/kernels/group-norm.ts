import * as tf from '@tensorflow/tfjs-core';
import { fusedAttributes } from './batch-norm.js';
import { instanceNorm } from './instance-norm.js';
import { isNative, runNativeMany } from './native.js';
import { samples, together } from './samples.js';

/**
 * Group normalisation (Wu and He 2018): the channels in `groups` runs of equal length, each run of every sample to zero mean and unit
 * variance over its voxels and channels, then scale and shift a channel. x [N, ...spatial, C], scale and shift [C]; biased variance.
 */
export function groupNorm<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor,
  shift: tf.Tensor,
  groups: number,
  epsilon: number,
): T {
  if (groups === x.shape.at(-1)) return instanceNorm(x, scale, shift, epsilon);
  const normalise = isNative() ? nativeGroupNorm(groups, epsilon) : compositeGroupNorm(groups, epsilon);
  return normalise(x, scale, shift) as T;
}

type Kernel = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) => tf.Tensor;

/** The definition in basic operations, for every backend. */
export function compositeGroupNorm(groups: number, epsilon: number): Kernel {
  return (x, scale, shift) => {
    const [count, channels] = [x.shape[0] as number, x.shape.at(-1) as number];
    const grouped = tf.reshape(x, [count, -1, groups, channels / groups]);
    const { mean, variance } = tf.moments(grouped, [1, 3], true);
    const normalised = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(tf.reshape(normalised, x.shape), scale), shift);
  };
}

/**
 * TensorFlow's fused batch normalisation, sample by sample. In training mode it yields the moments of each channel, from which those of
 * the groups follow; in inference mode it applies them in one pass. Its gradient in training mode is that of channels normalised one by
 * one; a linear function of x makes it the group's.
 */
function nativeGroupNorm(groups: number, epsilon: number): Kernel {
  return tf.customGrad((...inputs) => {
    const [x, scale, shift, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const parts = samples(x).map((sample) => forwardSample(sample, scale, shift, groups, epsilon));
    save([x, scale, ...parts.flatMap(({ reserved }) => reserved)]);
    const value = together(
      parts.map(({ y }) => y),
      x.shape,
    );
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => groupNormGradient(dy, saved, groups, epsilon)),
    };
  }) as Kernel;
}

/** Outputs of the fused operation that its gradient and ours start from: mean, unbiased variance, and three reserved ones. */
const reservedOutputs = 5;

function forwardSample(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, groups: number, epsilon: number) {
  const none = tf.tensor1d([]);
  const [unused, ...reserved] = runNativeMany(
    'FusedBatchNormV3',
    fusedAttributes(epsilon),
    [x, scale, shift, none, none],
    reservedOutputs + 1,
  );
  unused?.dispose();
  const moments = groupMoments(x, reserved, groups, epsilon);
  const offset = tf.add(shift, tf.mul(tf.mul(scale, moments.groupInverse), moments.distance));
  return { y: affine(x, moments, tf.mul(scale, moments.groupInverse), offset, epsilon), reserved };
}

interface Moments {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  /** 1 / standard deviation of each channel's group. */
  readonly groupInverse: tf.Tensor;
  /** The channel's mean less its group's. */
  readonly distance: tf.Tensor;
}

/** All [C], each group's numbers repeated for its channels. */
function groupMoments(
  x: tf.Tensor,
  reserved: readonly tf.Tensor[],
  groups: number,
  epsilon: number,
): Moments {
  const [mean, unbiased] = reserved as [tf.Tensor, tf.Tensor];
  const voxels = (x.shape[1] as number) * (x.shape[2] as number);
  const variance = tf.mul(unbiased, (voxels - 1) / Math.max(1, voxels));
  const distance = tf.sub(mean, groupMean(mean, groups));
  const groupVariance = groupMean(tf.add(variance, tf.square(distance)), groups);
  return { mean, variance, groupInverse: tf.rsqrt(tf.add(groupVariance, epsilon)), distance };
}

/** The mean of a vector [C] over each group, at every channel of the group. */
function groupMean(vector: tf.Tensor, groups: number): tf.Tensor {
  const rows = tf.reshape(vector, [groups, -1]);
  return tf.reshape(tf.broadcastTo(tf.mean(rows, 1, true), rows.shape), vector.shape);
}

/** (x - the channel's mean) * slope + offset in one pass. */
function affine(
  x: tf.Tensor,
  { mean, variance }: Moments,
  slope: tf.Tensor,
  offset: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const gain = tf.mul(slope, tf.sqrt(tf.add(variance, epsilon)));
  const inputs = [x, gain, offset, mean, variance];
  const [y, ...others] = runNativeMany('FusedBatchNormV3', fusedAttributes(epsilon, false), inputs, 6);
  tf.dispose(others);
  return y as tf.Tensor;
}

function groupNormGradient(dy: tf.Tensor, saved: tf.Tensor[], groups: number, epsilon: number): tf.Tensor[] {
  const [x, scale, ...reserved] = saved as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  const inputs = samples(x);
  const parts = samples(dy).map((gradient, n) =>
    gradientOfSample(
      gradient,
      inputs[n] as tf.Tensor,
      scale,
      reserved.slice(reservedOutputs * n, reservedOutputs * (n + 1)),
      groups,
      epsilon,
    ),
  );
  return [
    together(
      parts.map(({ toInput }) => toInput),
      x.shape,
    ),
    tf.addN(parts.map(({ toScale }) => toScale)),
    tf.addN(parts.map(({ toShift }) => toShift)),
  ];
}

/**
 * With n the normalised x, r one over the group's deviation and means over the group: dx = r (s dy - mean(s dy) - n mean(s dy n)). The
 * fused gradient takes the channel's means where this wants the group's.
 */
function gradientOfSample(
  dy: tf.Tensor,
  x: tf.Tensor,
  scale: tf.Tensor,
  reserved: readonly tf.Tensor[],
  groups: number,
  epsilon: number,
) {
  const moments = groupMoments(x, reserved, groups, epsilon);
  const { variance, groupInverse, distance } = moments;
  const voxels = (x.shape[1] as number) * (x.shape[2] as number);
  const slope = tf.mul(scale, groupInverse);
  const deviation = tf.sqrt(tf.add(variance, epsilon));
  const [byChannel, alongX, toShift] = runNativeMany(
    'FusedBatchNormGradV3',
    fusedAttributes(epsilon),
    [dy, x, tf.mul(slope, deviation), ...reserved.slice(2)],
    5,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const toScale = tf.mul(groupInverse, tf.add(tf.mul(alongX, deviation), tf.mul(distance, toShift)));
  const meanGradient = tf.mul(groupInverse, groupMean(tf.mul(scale, tf.div(toShift, voxels)), groups));
  const projection = tf.mul(
    tf.square(groupInverse),
    groupMean(tf.mul(scale, tf.div(toScale, voxels)), groups),
  );
  const correctedSlope = tf.sub(tf.mul(slope, tf.div(alongX, tf.mul(deviation, voxels))), projection);
  const offset = tf.sub(
    tf.sub(tf.mul(slope, tf.div(toShift, voxels)), meanGradient),
    tf.mul(projection, distance),
  );
  return {
    toInput: tf.add(byChannel, affine(x, moments, correctedSlope, offset, epsilon)),
    toScale,
    toShift,
  };
}
