import type { CaseResult, LabelResult } from '../case/case-result.js';
import { MetricsError } from '../errors.js';
import type { LesionDetection } from '../masks/lesion-detection.js';
import type { BootstrapOptions } from './bootstrap.js';
import { type MetricName, metricNames, metricValue } from './metric-values.js';
import { poolLesions } from './pool-lesions.js';
import { meanOf, type Summary, summarise } from './summary.js';

/** A case and what `evaluateCase` found in it; every case has the same labels. */
export interface NamedCase extends CaseResult {
  readonly caseId: string;
}

/** How often a label is where it should not be, and is not where it should be. */
export interface PresenceCounts {
  /** Cases where the reference has the label and the prediction does not. */
  readonly missed: number;
  /** Cases where the prediction has the label and the reference does not. */
  readonly hallucinated: number;
  /** Cases where neither has it. */
  readonly absent: number;
}

/** One label over all cases. */
export interface LabelSummary extends PresenceCounts {
  readonly name: string;
  /** Share of the cases without the label in which it is predicted; null when every case has it. */
  readonly hallucinationRate: number | null;
  readonly metrics: Readonly<Record<MetricName, Summary>>;
  /** Lesions of all cases counted together; only where every case has counted them. */
  readonly lesions?: LesionDetection;
}

/** All labels over all cases; the counts are of pairs of a case and a label. */
export interface CasesSummary extends PresenceCounts {
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
  const names = labelNames(cases);
  return {
    cases: cases.length,
    ...countPresence(cases.flatMap(({ labels }) => labels)),
    labels: names.map((name, index) =>
      summariseLabel(
        name,
        cases.map(({ labels }) => labels[index] as LabelResult),
        options,
      ),
    ),
    macro: byMetric((metric) =>
      summarise(
        cases.map((entry) => macroMean(entry, metric)),
        options,
      ),
    ),
  };
}

/** The mean of a metric over the labels of a case that have a value; null when none has. */
export function macroMean({ labels }: CaseResult, metric: MetricName): number | null {
  const values = labels.flatMap((label) => metricValue(label, metric) ?? []);
  return values.length === 0 ? null : meanOf(values);
}

/** The names of the labels that all cases have, in order. Throws `MetricsError` `different-labels`. */
export function labelNames(cases: readonly NamedCase[]): string[] {
  const names = cases[0]?.labels.map(({ name }) => name) ?? [];
  for (const entry of cases) requireLabelNames(entry, names);
  return names;
}

function summariseLabel(
  name: string,
  results: readonly LabelResult[],
  options: BootstrapOptions,
): LabelSummary {
  const counts = countPresence(results);
  const withoutReference = counts.hallucinated + counts.absent;
  const lesions = poolLesions(results);
  return {
    name,
    ...counts,
    hallucinationRate: withoutReference === 0 ? null : counts.hallucinated / withoutReference,
    metrics: byMetric((metric) =>
      summarise(
        results.map((result) => metricValue(result, metric)),
        options,
      ),
    ),
    ...(lesions === undefined ? {} : { lesions }),
  };
}

function countPresence(results: readonly LabelResult[]): PresenceCounts {
  return {
    missed: results.filter(({ missed }) => missed).length,
    hallucinated: results.filter(({ hallucinated }) => hallucinated).length,
    absent: results.filter(({ absent }) => absent).length,
  };
}

function byMetric(summaryOf: (metric: MetricName) => Summary): Record<MetricName, Summary> {
  const entries = metricNames.map((metric) => [metric, summaryOf(metric)] as const);
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
