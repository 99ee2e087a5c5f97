import * as tf from '@tensorflow/tfjs-core';
import { badOption, requireNonNegative } from './checks.js';
import { classFirst } from './class-first.js';
import { classSums } from './class-sums.js';
import { binaryCrossEntropyOf, crossEntropyOf, smoothed } from './cross-entropy.js';
import { type DiceOptions, diceOf } from './dice.js';
import { checkRegionOptions, chooseRegions } from './region-options.js';

export interface DiceCrossEntropyOptions extends Omit<DiceOptions, 'reduction'> {
  /** Default 1. */
  readonly diceWeight?: number;
  /** Default 1. */
  readonly crossEntropyWeight?: number;
  /**
   * The part of the cross-entropy's target spread evenly over all classes, in [0, 1); softmax only. Default
   * 0.
   */
  readonly labelSmoothing?: number;
}

/**
 * Dice plus cross-entropy from one pass of the activation: softmax with categorical, sigmoid with binary
 * cross-entropy. Logits are `[N, ..., C]`; the target is int32 labels `[N, ...]` in [0, C) or one value for
 * each class `[N, ..., C]`.
 * @throws LossError `bad-shape`, `bad-labels`, `bad-option`
 */
export function diceCrossEntropyLoss(
  logits: tf.Tensor,
  target: tf.Tensor,
  options: DiceCrossEntropyOptions = {},
): tf.Scalar {
  const { activation = 'softmax', squaredDenominator = false, labelSmoothing } = options;
  const { diceWeight = 1, crossEntropyWeight = 1 } = options;
  checkOptions(logits, options);
  return tf.tidy(() => {
    const inputs = classFirst(logits, target);
    const entropyTarget = smoothed(inputs, labelSmoothing);
    const sums = classSums(inputs, { activation, squared: squaredDenominator, entropyTarget });
    const dice = diceOf(chooseRegions(sums, options), options);
    const areLabels = target.rank < logits.rank;
    const entropy =
      activation === 'softmax'
        ? crossEntropyOf(sums, inputs, areLabels, options)
        : binaryCrossEntropyOf(sums, logits);
    return tf.add(tf.mul(diceWeight, dice), tf.mul(crossEntropyWeight, entropy));
  });
}

function checkOptions(logits: tf.Tensor, options: DiceCrossEntropyOptions): void {
  const { activation, classWeights, includeBackground = true, labelSmoothing = 0 } = options;
  checkRegionOptions(logits, options);
  requireNonNegative('diceWeight', options.diceWeight ?? 1);
  requireNonNegative('crossEntropyWeight', options.crossEntropyWeight ?? 1);
  if (activation === 'sigmoid' && labelSmoothing > 0)
    throw badOption('labelSmoothing', '0 with sigmoid', labelSmoothing);
  if (classWeights === undefined) return;
  // The two parts would need two lists: one with and one without the background, or weights of positives.
  if (!includeBackground || activation === 'sigmoid')
    throw badOption('classWeights', 'absent unless softmax counts all classes', classWeights);
}
