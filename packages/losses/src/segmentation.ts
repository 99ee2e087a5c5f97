import type * as tf from '@tensorflow/tfjs-core';
import { diceCrossEntropyLoss } from './dice-cross-entropy.js';

export interface SegmentationOptions {
  /**
   * Squared Dice denominator, as the paper prints it. Default false for exclusive classes, true for
   * overlapping regions.
   */
  readonly squaredDenominator?: boolean;
}

/**
 * The segmentation loss of BiPVL-Seg for exclusive classes, background included: Dice plus cross-entropy
 * (BiPVL-Seg, arXiv 2503.23534). Logits `[N, D, H, W, C]`, int32 labels `[N, D, H, W]` in [0, C) or one-hot
 * `[N, D, H, W, C]`.
 * @throws LossError `bad-shape`, `bad-labels`
 */
export function segmentationLoss(
  logits: tf.Tensor,
  target: tf.Tensor,
  options: SegmentationOptions = {},
): tf.Scalar {
  return diceCrossEntropyLoss(logits, target, { squaredDenominator: options.squaredDenominator ?? false });
}

/**
 * The segmentation loss for regions that overlap (tumour core, whole tumour, enhancing tumour): Dice of
 * sigmoid probabilities with squared denominator and unsmoothed numerator, plus binary cross-entropy. Logits
 * and 0/1 regions `[N, D, H, W, C]`.
 * @throws LossError `bad-shape`, `bad-labels`
 */
export function regionSegmentationLoss(
  logits: tf.Tensor,
  regions: tf.Tensor,
  options: SegmentationOptions = {},
): tf.Scalar {
  const squaredDenominator = options.squaredDenominator ?? true;
  return diceCrossEntropyLoss(logits, regions, {
    activation: 'sigmoid',
    squaredDenominator,
    smoothNumerator: 0,
  });
}
