import * as tf from '@tensorflow/tfjs-core';
import { badOption, requireWeights } from './checks.js';
import { type ClassFirst, classFirst } from './class-first.js';
import { type ClassSums, classSums } from './class-sums.js';

export interface CrossEntropyOptions {
  /** A factor for each class; over labels the mean is then weighted by the labels' classes, as in PyTorch. */
  readonly classWeights?: readonly number[];
  /** The part of the target spread evenly over all classes, in [0, 1). Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Softmax cross-entropy, mean over voxels of -sum_c g_c log p_c. Logits are `[N, ..., C]`; the target is
 * int32 labels `[N, ...]` in [0, C) or one value for each class `[N, ..., C]`.
 * @throws LossError `bad-shape`, `bad-labels`, `bad-option`
 */
export function crossEntropyLoss(
  logits: tf.Tensor,
  target: tf.Tensor,
  options: CrossEntropyOptions = {},
): tf.Scalar {
  return tf.tidy(() => {
    const inputs = classFirst(logits, target);
    const entropyTarget = smoothed(inputs, options.labelSmoothing);
    const sums = classSums(inputs, { activation: 'softmax', squared: false, entropyTarget });
    return crossEntropyOf(sums, inputs, target.rank < logits.rank, options);
  });
}

/**
 * Binary cross-entropy of sigmoid probabilities, mean over voxels and classes, for regions that may overlap;
 * shapes as in `crossEntropyLoss`.
 * @throws LossError `bad-shape`, `bad-labels`
 */
export function binaryCrossEntropyLoss(logits: tf.Tensor, target: tf.Tensor): tf.Scalar {
  return tf.tidy(() =>
    binaryCrossEntropyOf(
      classSums(classFirst(logits, target), { activation: 'sigmoid', squared: false }),
      logits,
    ),
  );
}

/** The target with a part of it spread evenly over the classes. */
export function smoothed({ logits, target }: ClassFirst, smoothing = 0): tf.Tensor3D {
  if (!(smoothing >= 0 && smoothing < 1)) throw badOption('labelSmoothing', 'a number in [0, 1)', smoothing);
  return smoothing === 0 ? target : tf.add(tf.mul(target, 1 - smoothing), smoothing / logits.shape[1]);
}

/** The mean softmax cross-entropy as a function of the sums over voxels. */
export function crossEntropyOf(
  { entropy, labelled }: ClassSums,
  { logits }: ClassFirst,
  areLabels: boolean,
  { classWeights }: CrossEntropyOptions,
): tf.Scalar {
  const [n, classes, voxels] = logits.shape;
  if (classWeights === undefined) return tf.div(tf.sum(entropy), n * voxels);
  requireWeights('classWeights', classWeights, classes);
  const weights = tf.tensor1d([...classWeights]);
  const total = areLabels ? tf.sum(tf.mul(labelled, weights)) : n * voxels;
  return tf.div(tf.sum(tf.mul(entropy, weights)), total);
}

/** The mean binary cross-entropy as a function of the sums over voxels. */
export function binaryCrossEntropyOf({ entropy }: ClassSums, logits: tf.Tensor): tf.Scalar {
  return tf.div(tf.sum(entropy), logits.size);
}
