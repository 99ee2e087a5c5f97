import { type CaseResult, evaluateCase, type LabelMap } from '@bipvl/metrics';
import { smallestIntegers, spacing, type Volume } from '@bipvl/preprocess';
import type { Label } from '@bipvl/segmenter';

/** One case to score: plain data, so that a worker thread can be given it. */
export interface ScoringJob {
  readonly prediction: Volume;
  readonly reference: Volume;
  readonly labels: readonly Label[];
  readonly nsdToleranceMm: number;
}

/** Scores a predicted mask against its reference on one grid; distances in mm. Throws `MetricsError` or `PreprocessError` `not-integers`. */
export function scoreCase({ prediction, reference, labels, nsdToleranceMm }: ScoringJob): CaseResult {
  const grid = { shape: reference.shape, spacing: spacing(reference.affine) };
  return evaluateCase(labelMap(prediction), labelMap(reference), { ...grid, labels, nsdToleranceMm });
}

function labelMap(mask: Volume): LabelMap {
  const { data } = smallestIntegers(mask);
  return data;
}
