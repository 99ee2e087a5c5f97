import * as tf from '@tensorflow/tfjs-core';
import { requireNonNegative } from './checks.js';
import { type RegionOptions, regionSums } from './region-options.js';

export interface TverskyOptions extends RegionOptions {
  /** Weight of false positives. Default 0.5. */
  readonly alpha?: number;
  /** Weight of false negatives. Default 0.5; both 0.5 is the Dice loss. */
  readonly beta?: number;
}

/**
 * Tversky loss, 1 - TP / (TP + alpha FP + beta FN), mean over samples and classes (Salehi et al. 2017).
 * Shapes as in `diceLoss`.
 * @throws LossError `bad-shape`, `bad-labels`, `bad-option`
 */
export function tverskyLoss(logits: tf.Tensor, target: tf.Tensor, options: TverskyOptions = {}): tf.Scalar {
  const { alpha = 0.5, beta = 0.5 } = options;
  requireNonNegative('alpha', alpha);
  requireNonNegative('beta', beta);
  return tf.tidy(() => {
    const { overlap, predicted, labelled, smoothNumerator, smoothDenominator } = regionSums(
      logits,
      target,
      options,
    );
    const wrong = tf.add(tf.mul(alpha, tf.sub(predicted, overlap)), tf.mul(beta, tf.sub(labelled, overlap)));
    const ratio = tf.div(tf.add(overlap, smoothNumerator), tf.add(tf.add(overlap, wrong), smoothDenominator));
    return tf.sub(1, tf.mean(ratio));
  });
}
