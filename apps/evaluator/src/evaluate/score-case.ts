import { type CaseResult, type ConventionName, evaluateCase, type LabelMap } from '@bipvl/metrics';
import { smallestIntegers, spacing, type Volume } from '@bipvl/preprocess';
import type { Label } from '@bipvl/segmenter';

/** One case to score. */
export interface CaseMasks {
  readonly prediction: Volume;
  readonly reference: Volume;
  readonly labels: readonly Label[];
  readonly nsdToleranceMm: number;
  /** Definition of the distances. Default `surface-distance`. */
  readonly convention?: ConventionName;
}

/** Scores a predicted mask against its reference on one grid; distances in mm. Throws `MetricsError` or `PreprocessError` `not-integers`. */
export function scoreCase({ prediction, reference, ...scoring }: CaseMasks): CaseResult {
  const grid = { shape: reference.shape, spacing: spacing(reference.affine) };
  return evaluateCase(labelMap(prediction), labelMap(reference), { ...grid, ...scoring });
}

function labelMap(mask: Volume): LabelMap {
  const { data } = mask;
  return data instanceof Float32Array || data instanceof Float64Array ? smallestIntegers(mask).data : data;
}
