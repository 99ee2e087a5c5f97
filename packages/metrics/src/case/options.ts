import { MetricsError } from '../errors.js';
import type { GridOptions } from '../grid.js';
import { requireBoundaryWidth } from '../masks/boundary-iou.js';
import { type LesionCriteria, requireLesionCriteria } from '../masks/lesion-criteria.js';
import { type ConventionName, conventions } from '../surface/conventions.js';
import { type Label, requireLabels } from './labels.js';

/** What `evaluateCase` measures. */
export interface EvaluateOptions extends GridOptions {
  readonly labels: readonly Label[];
  /** Tolerance of `nsd` in mm, inclusive; 1 by default. */
  readonly nsdToleranceMm?: number;
  /** Tolerances in mm of further surface Dice values. */
  readonly nsdTolerancesMm?: readonly number[];
  /** Percentiles (0..100) of further Hausdorff distances. */
  readonly hdPercentiles?: readonly number[];
  /** Definition of surface and percentile; `surface-distance` by default. */
  readonly convention?: ConventionName;
  /** Asks for `boundaryIou`, of rims of this width in mm. */
  readonly boundaryWidthMm?: number;
  /** Asks for `lesions`, the connected components of each label; `{}` takes the defaults. */
  readonly lesions?: LesionCriteria;
}

/**
 * Throws `MetricsError` `bad-tolerance`, `bad-percentile`, `unknown-convention`, `bad-width`, or what `requireLabels` and
 * `requireLesionCriteria` throw.
 */
export function requireOptions(options: EvaluateOptions): void {
  requireLabels(options.labels);
  requireLesionCriteria(options.lesions ?? {});
  requireBoundaryWidth(options.boundaryWidthMm ?? 1, 'boundaryWidthMm');
  const tolerances = [options.nsdToleranceMm ?? 1, ...(options.nsdTolerancesMm ?? [])];
  const tolerance = tolerances.find((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (tolerance !== undefined) {
    throw usage('bad-tolerance', `NSD tolerance is ${tolerance}: expected mm, 0 or more`, 'pass it in mm');
  }
  const percentile = options.hdPercentiles?.find((value) => !(value >= 0 && value <= 100));
  if (percentile !== undefined) {
    throw usage('bad-percentile', `percentile is ${percentile}: expected 0 to 100`, 'pass 95 for HD95');
  }
  const known = Object.keys(conventions);
  const convention = options.convention ?? 'surface-distance';
  if (known.includes(convention)) return;
  throw usage('unknown-convention', `convention is "${convention}"`, `choose one of ${known.join(', ')}`);
}

function usage(code: string, message: string, hint: string): MetricsError {
  return new MetricsError(code, message, { kind: 'usage', hint });
}
