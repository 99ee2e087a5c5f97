import type { LabelResult, Presence, VoxelCounts } from './case-result.js';
import type { Confusion } from './confusion.js';

/** The four voxel counts of a label, for a volume of `total` voxels. */
export function voxelCountsOf(confusion: Confusion, ids: readonly number[], total: number): VoxelCounts {
  const truePositive = confusion.count(ids, ids);
  const falsePositive = confusion.predictedVoxels(ids) - truePositive;
  const falseNegative = confusion.referenceVoxels(ids) - truePositive;
  const trueNegative = total - truePositive - falsePositive - falseNegative;
  return { truePositive, falsePositive, falseNegative, trueNegative };
}

/** Who has the label. */
export function presenceOf({ truePositive, falsePositive, falseNegative }: VoxelCounts): Presence {
  const predicted = truePositive + falsePositive > 0;
  const actual = truePositive + falseNegative > 0;
  if (actual) return predicted ? 'both' : 'missed';
  return predicted ? 'hallucinated' : 'absent';
}

/** Overlap is undefined without a reference, whatever was predicted; the flag `hallucinated` counts that. */
export function overlapMetrics(
  voxels: VoxelCounts,
  presence: Presence,
): Pick<LabelResult, 'dsc' | 'iou' | 'precision' | 'recall'> {
  const hasReference = presence === 'both' || presence === 'missed';
  return {
    dsc: hasReference ? dice(voxels) : null,
    iou: hasReference ? intersectionOverUnion(voxels) : null,
    precision: precision(voxels),
    recall: recall(voxels),
  };
}

/** Dice similarity coefficient, `2 TP / (2 TP + FP + FN)`; null when both masks are empty. */
function dice({ truePositive, falsePositive, falseNegative }: VoxelCounts): number | null {
  return ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative);
}

/** Intersection over union (Jaccard index); null when both masks are empty. */
function intersectionOverUnion(counts: VoxelCounts): number | null {
  const { truePositive, falsePositive, falseNegative } = counts;
  return ratio(truePositive, truePositive + falsePositive + falseNegative);
}

/** Share of the predicted voxels that are right; null when nothing is predicted. */
function precision({ truePositive, falsePositive }: VoxelCounts): number | null {
  return ratio(truePositive, truePositive + falsePositive);
}

/** Share of the reference voxels that are found; null when the reference is empty. */
function recall({ truePositive, falseNegative }: VoxelCounts): number | null {
  return ratio(truePositive, truePositive + falseNegative);
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
