import * as tf from '@tensorflow/tfjs-core';
import { badOption } from './checks.js';
import { type RegionOptions, regionSums } from './region-options.js';

export interface GeneralisedDiceOptions extends RegionOptions {
  /** How a class counts by its labelled volume v: 1 / v squared, 1 / v, or 1. Default `square`. */
  readonly weighting?: 'square' | 'simple' | 'uniform';
}

/**
 * Generalised Dice loss (Sudre et al. 2017): one ratio over all classes, small ones weighing as much as large
 * ones; mean over samples. An absent class gets the largest weight of its sample, as in MONAI. Shapes as in
 * `diceLoss`.
 * @throws LossError `bad-shape`, `bad-labels`, `bad-option`
 */
export function generalisedDiceLoss(
  logits: tf.Tensor,
  target: tf.Tensor,
  options: GeneralisedDiceOptions = {},
): tf.Scalar {
  return tf.tidy(() => {
    const { overlap, predicted, labelled, smoothNumerator, smoothDenominator } = regionSums(
      logits,
      target,
      options,
    );
    const weights = volumeWeights(labelled, options.weighting ?? 'square');
    const numerator = tf.mul(2, tf.sum(tf.mul(weights, overlap), 1));
    const denominator = tf.sum(tf.mul(weights, tf.add(predicted, labelled)), 1);
    return tf.sub(
      1,
      tf.mean(tf.div(tf.add(numerator, smoothNumerator), tf.add(denominator, smoothDenominator))),
    );
  });
}

function volumeWeights(volumes: tf.Tensor2D, weighting: 'square' | 'simple' | 'uniform'): tf.Tensor2D {
  if (weighting === 'uniform') return tf.onesLike(volumes);
  if (weighting !== 'square' && weighting !== 'simple')
    throw badOption('weighting', "'square', 'simple' or 'uniform'", weighting);
  const present = tf.greater(volumes, 0);
  const safe = tf.where(present, volumes, tf.onesLike(volumes));
  const weights = tf.reciprocal(weighting === 'square' ? tf.square(safe) : safe);
  const known = tf.mul(weights, tf.cast(present, 'float32'));
  return tf.where(present, known, tf.mul(tf.max(known, 1, true), tf.onesLike(volumes))) as tf.Tensor2D;
}
