import type { LabelResult } from '../case/case-result.js';
import { MetricsError } from '../errors.js';
import type { BootstrapOptions } from './bootstrap.js';
import { comparePaired, type PairedComparison } from './compare-paired.js';
import { holm } from './holm.js';
import { type MetricName, metricValue } from './metric-values.js';
import { labelNames, macroMean, type NamedCase } from './summarise-cases.js';

/** Which metrics are compared, and how the intervals are drawn. */
export interface CompareCasesOptions extends BootstrapOptions {
  /** The paper's by default: `dsc`, `hd95Mm`, `nsd`. */
  readonly metrics?: readonly MetricName[];
}

/** Two methods in one metric: of one label, or of the macro average where `name` is null. */
export interface CasesComparison extends PairedComparison {
  readonly name: string | null;
  readonly metric: MetricName;
  /** The p value of the Wilcoxon test, adjusted by Holm for all comparisons of the call. */
  readonly adjustedPValue: number;
}

/**
 * Compares two methods over the same cases, matched by `caseId`, label by label and as a macro average; differences are
 * first minus second. Throws `MetricsError` `different-cases`, `different-labels` or `not-finite`.
 */
export function compareCases(
  first: readonly NamedCase[],
  second: readonly NamedCase[],
  options: CompareCasesOptions = {},
): CasesComparison[] {
  const { metrics = ['dsc', 'hd95Mm', 'nsd'], ...bootstrap } = options;
  const matched = inOrderOf(first, second);
  const names = labelNames([...first, ...matched]);
  const compare = (
    name: string | null,
    metric: MetricName,
    measureOf: (entry: NamedCase) => number | null,
  ): Omit<CasesComparison, 'adjustedPValue'> => ({
    name,
    metric,
    ...comparePaired(first.map(measureOf), matched.map(measureOf), bootstrap),
  });
  const comparisons = metrics.flatMap((metric) => [
    ...names.map((name, index) =>
      compare(name, metric, ({ labels }) => metricValue(labels[index] as LabelResult, metric)),
    ),
    compare(null, metric, (entry) => macroMean(entry, metric)),
  ]);
  const adjusted = holm(comparisons.map(({ wilcoxon }) => wilcoxon.pValue));
  return comparisons.map((comparison, index) => ({
    ...comparison,
    adjustedPValue: adjusted[index] as number,
  }));
}

/** The cases of `second` in the order of `first`. */
function inOrderOf(first: readonly NamedCase[], second: readonly NamedCase[]): NamedCase[] {
  const known = new Map(second.map((entry) => [entry.caseId, entry]));
  const ids = new Set(first.map(({ caseId }) => caseId));
  const odd = [...ids].find((id) => !known.has(id)) ?? [...known.keys()].find((id) => !ids.has(id));
  if (odd !== undefined) throw differentCases(`case "${odd}" was evaluated for one method only`);
  if (ids.size < first.length || known.size < second.length) throw differentCases('a case occurs twice');
  return first.flatMap(({ caseId }) => known.get(caseId) ?? []);
}

function differentCases(message: string): MetricsError {
  return new MetricsError('different-cases', message, {
    kind: 'usage',
    hint: 'give both methods the same cases, each once; the order does not matter',
  });
}
