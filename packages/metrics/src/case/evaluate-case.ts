import type { LabelMap } from '../grid.js';
import { CaseEvaluation } from './case-evaluation.js';
import type { CaseResult } from './case-result.js';
import { type EvaluateOptions, requireOptions } from './options.js';

/**
 * Compares two label maps `[D, H, W]` (or `[H, W]`) of one case, label by label: overlap, surface distances in mm and
 * volumes in ml. README.md states what each metric is when prediction, reference or both lack a label.
 *
 * Throws `MetricsError`: `bad-shape`, `bad-spacing`, `bad-length`, `no-label`, `bad-label-id`, `duplicate-label`,
 * `too-many-labels`, `bad-tolerance`, `bad-percentile`, `unknown-convention`, `bad-width`, `bad-iou`, `unknown-connectivity`, `too-deep` (a
 * box of more than 65533 voxels along D).
 */
export function evaluateCase(
  prediction: LabelMap,
  reference: LabelMap,
  options: EvaluateOptions,
): CaseResult {
  requireOptions(options);
  const evaluation = new CaseEvaluation(prediction, reference, options);
  return { labels: options.labels.map((label) => evaluation.evaluate(label)) };
}
