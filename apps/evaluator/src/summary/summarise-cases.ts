import {
  type CasesSummary,
  type LabelSummary,
  type MetricName,
  type NamedCase,
  summariseCases as summariseLabels,
} from '@bipvl/metrics';
import type { Label } from '@bipvl/segmenter';
import type { CaseScores, ClassSummary, Summary } from '../report/report-data.js';

/**
 * Scores of each class over cases: mean, seeded bootstrap 95 % interval of the mean, and how many cases are behind it. Null where no case
 * has a value; the interval is null for fewer than two.
 */
export function summariseCases(cases: readonly NamedCase[], labels: readonly Label[]): ClassSummary[] {
  return classSummaries(summariseLabels(cases), labels);
}

/** The summary of cases as tables and the report show it. */
export function classSummaries(
  { labels: summaries }: CasesSummary,
  labels: readonly Label[],
): ClassSummary[] {
  return labels.flatMap(({ id, name }) => {
    const found = summaries.find((each) => each.name === name);
    if (found === undefined) return [];
    const [dsc, hd95Mm, nsd] = [summaryOf(found, 'dsc'), summaryOf(found, 'hd95Mm'), summaryOf(found, 'nsd')];
    return [{ classId: id, dsc, hd95Mm, nsd }];
  });
}

function summaryOf({ metrics, missed, hallucinated }: LabelSummary, metric: MetricName): Summary {
  const { n, mean, interval } = metrics[metric];
  return { mean, low: interval?.low ?? null, high: interval?.high ?? null, n, missed, hallucinated };
}

/** Scores and volumes of each class in each case, as the report shows them. */
export function caseScores(cases: readonly NamedCase[]): CaseScores[] {
  return cases.map(({ caseId, labels }) => ({
    caseId,
    classes: labels.flatMap(({ label, dsc, hd95Mm, nsd, ...volumes }) => {
      if (!('id' in label)) return [];
      const {
        referenceVolumeMl: referenceMl,
        predictionVolumeMl: predictedMl,
        volumeDifferenceMl: differenceMl,
      } = volumes;
      return [{ classId: label.id, dsc, hd95Mm, nsd, referenceMl, predictedMl, differenceMl }];
    }),
  }));
}
