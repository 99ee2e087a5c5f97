import type { LesionDetection } from '../masks/lesion-detection.js';
import type { Label } from './labels.js';

/** Who has the label: both, the reference alone (missed), the prediction alone (hallucinated), or nobody. */
export type Presence = 'both' | 'missed' | 'hallucinated' | 'absent';

/**
 * The metrics of one label in one case. Null means undefined, never zero: README.md lists the value of every metric
 * in every presence.
 */
export interface LabelResult {
  readonly label: Label;
  readonly name: string;
  readonly presence: Presence;
  /** In the reference, not in the prediction. */
  readonly missed: boolean;
  /** In the prediction, not in the reference. */
  readonly hallucinated: boolean;
  /** In neither. */
  readonly absent: boolean;
  /** Dice similarity coefficient, 0..1. */
  readonly dsc: number | null;
  /** Intersection over union, 0..1. */
  readonly iou: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  /** Hausdorff distance, 95th percentile, in mm. */
  readonly hd95Mm: number | null;
  /** As `hd95Mm`, with the diagonal of the volume where the label was missed. */
  readonly hd95PenalisedMm: number | null;
  /** Hausdorff distance (the maximum) in mm. */
  readonly hdMm: number | null;
  /** Normalised surface Dice at the tolerance asked for, 0..1. */
  readonly nsd: number | null;
  /** Average symmetric surface distance in mm. */
  readonly assdMm: number | null;
  /** Mean distance in mm from the predicted surface to the reference surface. */
  readonly meanDistanceToReferenceMm: number | null;
  /** Mean distance in mm from the reference surface to the predicted surface. */
  readonly meanDistanceToPredictionMm: number | null;
  /** Distance in mm between the centres of mass. */
  readonly centreOfMassDistanceMm: number | null;
  readonly predictionVolumeMl: number;
  readonly referenceVolumeMl: number;
  /** Prediction minus reference, in ml. */
  readonly volumeDifferenceMl: number;
  readonly voxels: VoxelCounts;
  /** One entry for each of `options.hdPercentiles`. */
  readonly hausdorff: readonly { readonly percentile: number; readonly mm: number | null }[];
  /** One entry for each of `options.nsdTolerancesMm`. */
  readonly surfaceDice: readonly { readonly toleranceMm: number; readonly nsd: number | null }[];
  /** Intersection over union of the rims; only where `options.boundaryWidthMm` asks for it. */
  readonly boundaryIou?: number | null;
  /** Connected components found, missed and invented; only where `options.lesions` asks for them. */
  readonly lesions?: LesionDetection;
}

/** How the voxels of a case fall, for one label. */
export interface VoxelCounts {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
}

/** The metrics of one case, one entry for each label, in the order asked for. */
export interface CaseResult {
  readonly labels: readonly LabelResult[];
}
