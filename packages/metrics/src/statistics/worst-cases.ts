import type { MetricName, NamedCase } from './summarise-cases.js';

/** One label of one case, and its value. */
export interface RankedCase {
  readonly caseId: string;
  readonly name: string;
  readonly value: number;
}

const higherIsBetter: ReadonlySet<MetricName> = new Set(['dsc', 'iou', 'precision', 'recall', 'nsd']);

/** The `count` worst values of a metric over all cases and labels, worst first; undefined values are left out. */
export function worstCases(cases: readonly NamedCase[], metric: MetricName, count: number): RankedCase[] {
  const badness = (value: number): number => (higherIsBetter.has(metric) ? -value : Math.abs(value));
  return cases
    .flatMap(({ caseId, labels }) =>
      labels.flatMap((label) => {
        const value = label[metric];
        return value === null ? [] : [{ caseId, name: label.name, value }];
      }),
    )
    .sort((a, b) => badness(b.value) - badness(a.value))
    .slice(0, count);
}
