import { MetricsError } from '../errors.js';

/** Class probabilities of voxels, `[V, C]` in C-order (channels last), each row summing to 1. */
export interface ProbabilityMap {
  readonly values: Float32Array | Float64Array;
  readonly classes: number;
}

const ROUNDING = 1e-3;

/**
 * Checks shape and values and returns the number of voxels. Throws `MetricsError` `bad-length` or `bad-probability`.
 */
export function requireProbabilities({ values, classes }: ProbabilityMap): number {
  if (!Number.isSafeInteger(classes) || classes < 2 || values.length % classes !== 0) {
    throw new MetricsError(
      'bad-length',
      `${values.length} probabilities cannot be [voxels, ${classes}] classes`,
      {
        kind: 'data',
        hint: 'pass one probability for each class of each voxel, channels last, for 2 classes or more',
      },
    );
  }
  for (let start = 0; start < values.length; start += classes) requireDistribution(values, start, classes);
  return values.length / classes;
}

/** Throws `MetricsError` `bad-length` or `bad-class` unless there is a class 0..C-1 for each voxel. */
export function requireClasses(reference: ArrayLike<number>, voxels: number, classes: number): void {
  if (reference.length !== voxels) {
    throw new MetricsError('bad-length', `reference has ${reference.length} voxels: expected ${voxels}`, {
      kind: 'data',
      hint: 'pass the class of each voxel of the probability map',
    });
  }
  for (let i = 0; i < voxels; i++) {
    const value = reference[i] as number;
    if (Number.isInteger(value) && value >= 0 && value < classes) continue;
    throw new MetricsError(
      'bad-class',
      `reference voxel ${i} is ${value}: expected a class from 0 to ${classes - 1}`,
      {
        kind: 'data',
        hint: 'map label ids to channels of the probability map first',
      },
    );
  }
}

function requireDistribution(values: Float32Array | Float64Array, start: number, classes: number): void {
  let sum = 0;
  let least = 0;
  for (let c = 0; c < classes; c++) {
    sum += values[start + c] as number;
    least = Math.min(least, values[start + c] as number);
  }
  if (Math.abs(sum - 1) <= ROUNDING && least >= 0) return;
  throw new MetricsError(
    'bad-probability',
    `voxel ${start / classes} has probabilities from ${least} that sum to ${sum}: expected 0 or more, summing to 1`,
    { kind: 'data', hint: 'apply the softmax before' },
  );
}
