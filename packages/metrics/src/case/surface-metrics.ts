import type { Convention, TwoWayDistances } from '../surface/conventions.js';
import type { LabelResult, Presence } from './case-result.js';
import type { EvaluateOptions } from './options.js';

/** The metrics that are made of distances between surfaces. */
export type SurfaceMetrics = Pick<
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

/** Surface metrics of a label; `distances` is undefined where a surface is missing, `diagonal` is the volume's in mm. */
export function surfaceMetrics(
  distances: TwoWayDistances | undefined,
  presence: Presence,
  convention: Convention,
  diagonal: number,
  options: EvaluateOptions,
): SurfaceMetrics {
  const withoutSurface = presence === 'absent' || options.convention === 'medpy' ? null : 0;
  const hausdorff = (percentile: number): number | null =>
    distances ? convention.hausdorff(distances, percentile / 100) : null;
  const surfaceDice = (toleranceMm: number): number | null =>
    distances ? (convention.surfaceDice(distances, toleranceMm) ?? null) : withoutSurface;
  const hd95Mm = hausdorff(95);
  return {
    hd95Mm,
    hd95PenalisedMm: presence === 'missed' ? diagonal : hd95Mm,
    hdMm: hausdorff(100),
    nsd: surfaceDice(options.nsdToleranceMm ?? 1),
    assdMm: distances ? convention.averageDistance(distances) : null,
    meanDistanceToReferenceMm: distances ? distances.toReference.mean() : null,
    meanDistanceToPredictionMm: distances ? distances.toPrediction.mean() : null,
    hausdorff: (options.hdPercentiles ?? []).map((percentile) => ({ percentile, mm: hausdorff(percentile) })),
    surfaceDice: (options.nsdTolerancesMm ?? []).map((toleranceMm) => ({
      toleranceMm,
      nsd: surfaceDice(toleranceMm),
    })),
  };
}
