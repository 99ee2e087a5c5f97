import type { ClassSummary } from '@bipvl/evaluator';
import type { Label } from '@bipvl/segmenter';
import Table from 'cli-table3';
import type { DemoEvaluation } from './evaluate-demo.js';
import { type DemoResults, summaryOf } from './results.js';

/** What the text does, as a table: held-out DSC of each contender, and the training time of the two models. */
export function comparisonTable(evaluation: DemoEvaluation, results: DemoResults): string {
  const { labels } = evaluation.withText.segmenter.config;
  const seconds: Readonly<Record<string, number | undefined>> = {
    trained: results.training_seconds,
    no_text: results.comparisons['no_text']?.training_seconds,
  };
  const table = new Table({
    head: ['', ...labels.map(({ name }) => `${name} DSC`), 'training'],
    style: { head: [], border: [] },
  });
  for (const contender of evaluation.contenders) {
    const summary = summaryOf(evaluation, contender, labels);
    const time = seconds[contender.key];
    table.push([
      contender.label,
      ...labels.map((label) => dsc(summary, label)),
      time === undefined ? '' : `${Math.round(time)} s`,
    ]);
  }
  return table.toString();
}

function dsc(summary: readonly ClassSummary[], label: Label): string {
  const mean = summary.find(({ classId }) => classId === label.id)?.dsc.mean ?? null;
  return mean === null ? '-' : mean.toFixed(3);
}
