import { badness, type MetricName, metricValue } from './metric-values.js';
import type { NamedCase } from './summarise-cases.js';

/** One label of one case, and its value. */
export interface RankedCase {
  readonly caseId: string;
  readonly name: string;
  readonly value: number;
}

/** The `count` worst values of a metric over all cases and labels, worst first; undefined values are left out. */
export function worstCases(cases: readonly NamedCase[], metric: MetricName, count: number): RankedCase[] {
  return cases
    .flatMap(({ caseId, labels }) =>
      labels.flatMap((label) => {
        const value = metricValue(label, metric);
        return value === null ? [] : [{ caseId, name: label.name, value }];
      }),
    )
    .sort((a, b) => badness(metric, b.value) - badness(metric, a.value))
    .slice(0, count);
}
