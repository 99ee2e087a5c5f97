import {
  createGrid,
  diagonalMm,
  type Grid,
  type LabelMap,
  requireVoxels,
  voxelCount,
  voxelMillilitres,
} from '../grid.js';
import { type Convention, conventions, type TwoWayDistances } from '../surface/conventions.js';
import { MaskCropper } from '../surface/cropped-masks.js';
import { SurfaceMeter } from '../surface/surface-meter.js';
import { unionBox } from './box.js';
import type { CaseResult, LabelResult, Presence, VoxelCounts } from './case-result.js';
import { type Confusion, countVoxels } from './confusion.js';
import { idsOf, type Label } from './labels.js';
import { type EvaluateOptions, requireOptions } from './options.js';
import { dice, intersectionOverUnion, precision, recall, voxelCountsOf } from './overlap.js';

/**
 * Compares two label maps `[D, H, W]` (or `[H, W]`) of one case, label by label: overlap, surface distances in mm and
 * volumes in ml. README.md states what each metric is when prediction, reference or both lack a label.
 *
 * Throws `MetricsError`: `bad-shape`, `bad-spacing`, `bad-length`, `no-label`, `bad-label-id`, `duplicate-label`,
 * `bad-tolerance`, `bad-percentile`, `unknown-convention`, `too-deep` (a box of more than 65533 voxels along D).
 */
export function evaluateCase(
  prediction: LabelMap,
  reference: LabelMap,
  options: EvaluateOptions,
): CaseResult {
  requireOptions(options);
  const grid = createGrid(options);
  requireVoxels(prediction, 'prediction', grid);
  requireVoxels(reference, 'reference', grid);
  const confusion = countVoxels(prediction, reference, grid, options.labels.flatMap(idsOf));
  const convention = conventions[options.convention ?? 'surface-distance'];
  const cropper = new MaskCropper(prediction, reference, grid);
  const meter = new SurfaceMeter(grid, convention);
  const evaluation = new CaseEvaluation(grid, confusion, convention, options, (label) => {
    const box = unionBox(confusion.boxes(idsOf(label)));
    return box === undefined ? undefined : meter.measure(cropper.crop(box, idsOf(label)));
  });
  return { labels: options.labels.map((label) => evaluation.evaluate(label)) };
}

class CaseEvaluation {
  readonly #grid: Grid;
  readonly #confusion: Confusion;
  readonly #convention: Convention;
  readonly #options: EvaluateOptions;
  readonly #measure: (label: Label) => TwoWayDistances | undefined;

  constructor(
    grid: Grid,
    confusion: Confusion,
    convention: Convention,
    options: EvaluateOptions,
    measure: (label: Label) => TwoWayDistances | undefined,
  ) {
    this.#grid = grid;
    this.#confusion = confusion;
    this.#convention = convention;
    this.#options = options;
    this.#measure = measure;
  }

  evaluate(label: Label): LabelResult {
    const voxels = voxelCountsOf(this.#confusion, idsOf(label), voxelCount(this.#grid));
    const presence = presenceOf(voxels);
    return {
      label,
      name: label.name,
      presence,
      missed: presence === 'missed',
      hallucinated: presence === 'hallucinated',
      absent: presence === 'absent',
      ...overlapOf(voxels, presence),
      ...this.#surfaceMetrics(label, presence),
      ...this.#volumes(voxels),
      voxels,
    };
  }

  #surfaceMetrics(label: Label, presence: Presence): SurfaceMetrics {
    const distances = presence === 'both' ? this.#measure(label) : undefined;
    const whenOneIsEmpty = presence === 'absent' || this.#options.convention === 'medpy' ? null : 0;
    const hausdorff = (percentile: number): number | null =>
      distances ? this.#convention.hausdorff(distances, percentile / 100) : null;
    const surfaceDice = (toleranceMm: number): number | null =>
      distances ? (this.#convention.surfaceDice(distances, toleranceMm) ?? null) : whenOneIsEmpty;
    const hd95Mm = hausdorff(95);
    return {
      hd95Mm,
      hd95PenalisedMm: presence === 'missed' ? diagonalMm(this.#grid) : hd95Mm,
      hdMm: hausdorff(100),
      nsd: surfaceDice(this.#options.nsdToleranceMm ?? 1),
      assdMm: distances ? this.#convention.averageDistance(distances) : null,
      meanDistanceToReferenceMm: distances ? distances.toReference.mean() : null,
      meanDistanceToPredictionMm: distances ? distances.toPrediction.mean() : null,
      hausdorff: (this.#options.hdPercentiles ?? []).map((percentile) => ({
        percentile,
        mm: hausdorff(percentile),
      })),
      surfaceDice: (this.#options.nsdTolerancesMm ?? []).map((toleranceMm) => ({
        toleranceMm,
        nsd: surfaceDice(toleranceMm),
      })),
    };
  }

  #volumes({ truePositive, falsePositive, falseNegative }: VoxelCounts): VolumeMetrics {
    const millilitres = voxelMillilitres(this.#grid);
    return {
      predictionVolumeMl: (truePositive + falsePositive) * millilitres,
      referenceVolumeMl: (truePositive + falseNegative) * millilitres,
      volumeDifferenceMl: (falsePositive - falseNegative) * millilitres,
    };
  }
}

type OverlapMetrics = Pick<LabelResult, 'dsc' | 'iou' | 'precision' | 'recall'>;

type VolumeMetrics = Pick<LabelResult, 'predictionVolumeMl' | 'referenceVolumeMl' | 'volumeDifferenceMl'>;

type SurfaceMetrics = Pick<
  LabelResult,
  | 'hd95Mm'
  | 'hd95PenalisedMm'
  | 'hdMm'
  | 'nsd'
  | 'assdMm'
  | 'meanDistanceToReferenceMm'
  | 'meanDistanceToPredictionMm'
  | 'hausdorff'
  | 'surfaceDice'
>;

/** Overlap is undefined without a reference, whatever was predicted; the flag `hallucinated` counts that. */
function overlapOf(voxels: VoxelCounts, presence: Presence): OverlapMetrics {
  const hasReference = presence === 'both' || presence === 'missed';
  return {
    dsc: hasReference ? dice(voxels) : null,
    iou: hasReference ? intersectionOverUnion(voxels) : null,
    precision: precision(voxels),
    recall: recall(voxels),
  };
}

function presenceOf({ truePositive, falsePositive, falseNegative }: VoxelCounts): Presence {
  const predicted = truePositive + falsePositive > 0;
  const actual = truePositive + falseNegative > 0;
  if (actual) return predicted ? 'both' : 'missed';
  return predicted ? 'hallucinated' : 'absent';
}
