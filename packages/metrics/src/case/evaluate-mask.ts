import type { Mask } from '../grid.js';
import { binaryMask } from '../masks/binary-mask.js';
import type { LabelResult } from './case-result.js';
import { evaluateCase } from './evaluate-case.js';
import type { EvaluateOptions } from './options.js';

/** What `evaluateMask` measures, and what errors and tables call the structure; `mask` by default. */
export interface EvaluateMaskOptions extends Omit<EvaluateOptions, 'labels'> {
  readonly name?: string;
}

/**
 * Compares two binary masks `[D, H, W]` (or `[H, W]`), inside where they are not 0, as `evaluateCase` compares a label.
 * Throws as `evaluateCase`.
 */
export function evaluateMask(prediction: Mask, reference: Mask, options: EvaluateMaskOptions): LabelResult {
  const { name = 'mask', ...more } = options;
  const labels = [{ id: 1, name }];
  const { labels: results } = evaluateCase(binaryMask(prediction), binaryMask(reference), {
    ...more,
    labels,
  });
  const [result] = results as [LabelResult];
  return result;
}
