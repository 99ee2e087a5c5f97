import * as tf from '@tensorflow/tfjs-core';
import { requireWeights } from './checks.js';
import { type Reduction, reduceLoss } from './reduction.js';
import { type RegionOptions, type RegionSums, regionSums } from './region-options.js';

export interface DiceOptions extends RegionOptions {
  /** Sum squares in the denominator (Milletari et al. 2016). Default false. */
  readonly squaredDenominator?: boolean;
  /** Intersection over union instead of the Dice ratio. Default false. */
  readonly jaccard?: boolean;
  /** A factor for each counted class. */
  readonly classWeights?: readonly number[];
  /** Over samples and classes; `none` gives [N, C], [1, C] for a pooled batch. Default `mean`. */
  readonly reduction?: Reduction;
}

/**
 * Soft Dice loss, 1 - (2 sum p g + s) / (sum p + sum g + s) for each sample and class (Milletari et al. 2016;
 * conventions as in MONAI). Logits are `[N, ..., C]`; the target is int32 labels `[N, ...]` in [0, C) or one
 * value for each class `[N, ..., C]`.
 * @throws LossError `bad-shape`, `bad-labels`, `bad-option`
 */
export function diceLoss(logits: tf.Tensor, target: tf.Tensor, options: DiceOptions = {}): tf.Tensor {
  return tf.tidy(() => diceOf(regionSums(logits, target, options, options.squaredDenominator), options));
}

/** The Dice loss as a function of the sums over voxels. */
export function diceOf(
  sums: RegionSums,
  { jaccard = false, classWeights, reduction = 'mean' }: DiceOptions,
): tf.Tensor {
  const { overlap, predicted, labelled, smoothNumerator, smoothDenominator } = sums;
  const both = tf.add(predicted, labelled);
  const denominator = jaccard ? tf.mul(2, tf.sub(both, overlap)) : both;
  const ratio = tf.div(tf.add(tf.mul(2, overlap), smoothNumerator), tf.add(denominator, smoothDenominator));
  return reduceLoss(weighted(tf.sub(1, ratio), classWeights), reduction);
}

function weighted(losses: tf.Tensor, weights: readonly number[] | undefined): tf.Tensor {
  if (weights === undefined) return losses;
  requireWeights('classWeights', weights, losses.shape[1] ?? 0);
  return tf.mul(losses, tf.tensor1d([...weights]));
}
