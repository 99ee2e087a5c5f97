import type { VoxelCounts } from './case-result.js';
import type { Confusion } from './confusion.js';

/** The four voxel counts of a label, for a volume of `total` voxels. */
export function voxelCountsOf(confusion: Confusion, ids: readonly number[], total: number): VoxelCounts {
  const truePositive = confusion.count(ids, ids);
  const falsePositive = confusion.predictedVoxels(ids) - truePositive;
  const falseNegative = confusion.referenceVoxels(ids) - truePositive;
  const trueNegative = total - truePositive - falsePositive - falseNegative;
  return { truePositive, falsePositive, falseNegative, trueNegative };
}

/** Dice similarity coefficient, `2 TP / (2 TP + FP + FN)`; null when both masks are empty. */
export function dice({ truePositive, falsePositive, falseNegative }: VoxelCounts): number | null {
  return ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative);
}

/** Intersection over union (Jaccard index); null when both masks are empty. */
export function intersectionOverUnion(counts: VoxelCounts): number | null {
  const { truePositive, falsePositive, falseNegative } = counts;
  return ratio(truePositive, truePositive + falsePositive + falseNegative);
}

/** Share of the predicted voxels that are right; null when nothing is predicted. */
export function precision({ truePositive, falsePositive }: VoxelCounts): number | null {
  return ratio(truePositive, truePositive + falsePositive);
}

/** Share of the reference voxels that are found; null when the reference is empty. */
export function recall({ truePositive, falseNegative }: VoxelCounts): number | null {
  return ratio(truePositive, truePositive + falseNegative);
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
