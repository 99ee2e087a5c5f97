import type { LabelResult } from '../case/case-result.js';
import type { LesionDetection } from '../masks/lesion-detection.js';

/** The lesions of a label over all cases, counted together; undefined where a case has not counted any. */
export function poolLesions(results: readonly LabelResult[]): LesionDetection | undefined {
  const found = results.flatMap(({ lesions }) => lesions ?? []);
  if (found.length === 0 || found.length < results.length) return undefined;
  const sum = (key: 'truePositive' | 'falsePositive' | 'falseNegative'): number =>
    found.reduce((total, lesions) => total + lesions[key], 0);
  const [truePositive, falsePositive, falseNegative] = [
    sum('truePositive'),
    sum('falsePositive'),
    sum('falseNegative'),
  ];
  const all = 2 * truePositive + falsePositive + falseNegative;
  return { truePositive, falsePositive, falseNegative, f1: all === 0 ? null : (2 * truePositive) / all };
}
