import type { CaseResult, LabelResult } from '../case/case-result.js';
import { MetricsError } from '../errors.js';
import type { BootstrapOptions } from './bootstrap.js';
import { meanOf, type Summary, summarise } from './summary.js';

/** The metrics of a label that are summarised over cases. */
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
  | 'predictionVolumeMl'
  | 'referenceVolumeMl'
  | 'volumeDifferenceMl';

const summaryMetrics: readonly MetricName[] = [
  'dsc',
  'iou',
  'precision',
  'recall',
  'hd95Mm',
  'hd95PenalisedMm',
  'hdMm',
  'nsd',
  'assdMm',
  'predictionVolumeMl',
  'referenceVolumeMl',
  'volumeDifferenceMl',
];

/** A case and what `evaluateCase` found in it; every case has the same labels. */
export interface NamedCase extends CaseResult {
  readonly caseId: string;
}

/** One label over all cases. */
export interface LabelSummary {
  readonly name: string;
  /** Cases where the reference has the label and the prediction does not. */
  readonly missed: number;
  /** Cases where the prediction has the label and the reference does not. */
  readonly hallucinated: number;
  /** Cases where neither has it. */
  readonly absent: number;
  readonly metrics: Readonly<Record<MetricName, Summary>>;
}

/** All labels over all cases. */
export interface CasesSummary {
  readonly cases: number;
  readonly labels: readonly LabelSummary[];
  /** Each metric averaged over the labels that have a value in a case, then summarised over cases. */
  readonly macro: Readonly<Record<MetricName, Summary>>;
}

/**
 * Summarises cases label by label and as a macro average. Throws `MetricsError` `different-labels` when a case has other
 * labels than the first.
 */
export function summariseCases(cases: readonly NamedCase[], options: BootstrapOptions = {}): CasesSummary {
  const names = cases[0]?.labels.map(({ name }) => name) ?? [];
  for (const entry of cases) requireLabelNames(entry, names);
  const labels = names.map((name, index) => {
    const results = cases.map(({ labels }) => labels[index] as LabelResult);
    return {
      name,
      missed: results.filter(({ missed }) => missed).length,
      hallucinated: results.filter(({ hallucinated }) => hallucinated).length,
      absent: results.filter(({ absent }) => absent).length,
      metrics: byMetric((metric) =>
        summarise(
          results.map((result) => result[metric]),
          options,
        ),
      ),
    };
  });
  const macro = byMetric((metric) =>
    summarise(
      cases.map((entry) => macroMean(entry, metric)),
      options,
    ),
  );
  return { cases: cases.length, labels, macro };
}

/** The mean of a metric over the labels of a case that have a value; null when none has. */
export function macroMean({ labels }: CaseResult, metric: MetricName): number | null {
  const values = labels.flatMap((label) => label[metric] ?? []);
  return values.length === 0 ? null : meanOf(values);
}

function byMetric(summaryOf: (metric: MetricName) => Summary): Record<MetricName, Summary> {
  const entries = summaryMetrics.map((metric) => [metric, summaryOf(metric)] as const);
  return Object.fromEntries(entries) as Record<MetricName, Summary>;
}

function requireLabelNames({ caseId, labels }: NamedCase, names: readonly string[]): void {
  const found = labels.map(({ name }) => name);
  if (found.length === names.length && found.every((name, index) => name === names[index])) return;
  throw new MetricsError(
    'different-labels',
    `case "${caseId}" has the labels ${found.join(', ')}: expected ${names.join(', ')}`,
    { kind: 'usage', hint: 'evaluate all cases with the same labels' },
  );
}
