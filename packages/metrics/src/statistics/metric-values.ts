import type { LabelResult } from '../case/case-result.js';

/** The metrics of a label that are summarised and compared over cases. */
export type MetricName =
  | 'dsc'
  | 'iou'
  | 'precision'
  | 'recall'
  | 'hd95Mm'
  | 'hd95PenalisedMm'
  | 'hdMm'
  | 'nsd'
  | 'assdMm'
  | 'meanDistanceToReferenceMm'
  | 'meanDistanceToPredictionMm'
  | 'centreOfMassDistanceMm'
  | 'boundaryIou'
  | 'lesionF1'
  | 'predictionVolumeMl'
  | 'referenceVolumeMl'
  | 'volumeDifferenceMl';

const better: Readonly<Record<MetricName, 'higher' | 'nearer to 0'>> = {
  dsc: 'higher',
  iou: 'higher',
  precision: 'higher',
  recall: 'higher',
  hd95Mm: 'nearer to 0',
  hd95PenalisedMm: 'nearer to 0',
  hdMm: 'nearer to 0',
  nsd: 'higher',
  assdMm: 'nearer to 0',
  meanDistanceToReferenceMm: 'nearer to 0',
  meanDistanceToPredictionMm: 'nearer to 0',
  centreOfMassDistanceMm: 'nearer to 0',
  boundaryIou: 'higher',
  lesionF1: 'higher',
  predictionVolumeMl: 'nearer to 0',
  referenceVolumeMl: 'nearer to 0',
  volumeDifferenceMl: 'nearer to 0',
};

/** All of them. */
export const metricNames: readonly MetricName[] = Object.keys(better) as MetricName[];

/** A metric of a label in one case; null where it is undefined, or was not asked for. */
export function metricValue(result: LabelResult, metric: MetricName): number | null {
  return (metric === 'lesionF1' ? result.lesions?.f1 : result[metric]) ?? null;
}

/** How bad a value is: the larger, the worse; a volume error counts whatever its sign. */
export function badness(metric: MetricName, value: number): number {
  return better[metric] === 'higher' ? -value : Math.abs(value);
}
