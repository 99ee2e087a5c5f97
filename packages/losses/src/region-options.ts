import * as tf from '@tensorflow/tfjs-core';
import { badOption, requireNonNegative } from './checks.js';
import { classFirst } from './class-first.js';
import { type ClassSums, classSums } from './class-sums.js';

/** Options of every loss that compares regions by their overlap. */
export interface RegionOptions {
  /** `softmax` over exclusive classes or `sigmoid` for regions that may overlap. Default `softmax`. */
  readonly activation?: 'softmax' | 'sigmoid';
  /** Count class 0. Default true. */
  readonly includeBackground?: boolean;
  /** Pool the voxels of the whole batch before forming ratios. Default false: one ratio for each sample. */
  readonly batch?: boolean;
  /** Added to numerators, so that absent classes that are not predicted cost nothing. Default 1e-5. */
  readonly smoothNumerator?: number;
  /** Added to denominators, so that they are never zero. Default 1e-5. */
  readonly smoothDenominator?: number;
}

export interface RegionSums {
  readonly overlap: tf.Tensor2D;
  readonly predicted: tf.Tensor2D;
  readonly labelled: tf.Tensor2D;
  readonly smoothNumerator: number;
  readonly smoothDenominator: number;
}

/**
 * The sums of overlap, prediction and label, [N, C] or [1, C] for a pooled batch, without class 0 where it
 * does not count.
 */
export function regionSums(
  logits: tf.Tensor,
  target: tf.Tensor,
  options: RegionOptions,
  squared = false,
): RegionSums {
  const { activation = 'softmax' } = options;
  checkRegionOptions(logits, options);
  return chooseRegions(classSums(classFirst(logits, target), { activation, squared }), options);
}

/** The part of sums already taken that the options ask for. */
export function chooseRegions(sums: ClassSums, options: RegionOptions): RegionSums {
  const {
    includeBackground = true,
    batch = false,
    smoothNumerator = 1e-5,
    smoothDenominator = 1e-5,
  } = options;
  const choose = (tensor: tf.Tensor2D): tf.Tensor2D => {
    const counted = includeBackground ? tensor : tf.slice(tensor, [0, 1]);
    return batch ? tf.sum(counted, 0, true) : counted;
  };
  const { overlap, predicted, labelled } = sums;
  return {
    overlap: choose(overlap),
    predicted: choose(predicted),
    labelled: choose(labelled),
    smoothNumerator,
    smoothDenominator,
  };
}

/** @throws LossError `bad-option` */
export function checkRegionOptions(logits: tf.Tensor, options: RegionOptions): void {
  const {
    activation = 'softmax',
    includeBackground = true,
    smoothNumerator = 1e-5,
    smoothDenominator = 1e-5,
  } = options;
  if (activation !== 'softmax' && activation !== 'sigmoid')
    throw badOption('activation', "'softmax' or 'sigmoid'", activation);
  if (!includeBackground && (logits.shape.at(-1) ?? 0) < 2)
    throw badOption('includeBackground', 'true for a single class', false);
  requireNonNegative('smoothNumerator', smoothNumerator);
  requireNonNegative('smoothDenominator', smoothDenominator);
}
