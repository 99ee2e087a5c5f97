import { type ClassSummary, type Summary, summariseCases } from '@bipvl/evaluator';
import type { Label } from '@bipvl/segmenter';
import type { DemoData } from './data/index.js';
import type { Contender, DemoEvaluation } from './evaluate-demo.js';

/** A number for each class by its name; null where no case defines it. */
type ByClass = Readonly<Record<string, number | null>>;

/** Another contender's overlap, under names that cannot be mistaken for those of the trained model. */
interface ComparisonResult {
  readonly label: string;
  readonly explanation: string;
  readonly mean_dice_by_class: ByClass;
  readonly mean_dice: number | null;
  readonly training_seconds?: number;
}

/** `results.json`: DSC and NSD from 0 to 1, HD95 in mm by the surface-distance convention, NSD at 1 mm; means over the held-out cases. */
export interface DemoResults {
  readonly version: 1;
  readonly data: DemoData['kind'];
  readonly seed: number;
  readonly fold: number;
  readonly steps: number;
  readonly held_out_cases: number;
  readonly dsc: ByClass;
  readonly hd95_mm: ByClass;
  readonly nsd_1mm: ByClass;
  readonly intervals: Readonly<Record<'dsc' | 'hd95_mm' | 'nsd_1mm', Readonly<Record<string, Summary>>>>;
  readonly training_seconds: number;
  readonly total_seconds: number;
  readonly peak_memory_bytes: number;
  readonly comparisons: Readonly<Record<string, ComparisonResult>>;
}

/** What is known of a run besides its scores. */
export type RunFacts = Pick<
  DemoResults,
  'data' | 'seed' | 'fold' | 'steps' | 'training_seconds' | 'total_seconds' | 'peak_memory_bytes'
> & {
  readonly noTextSeconds: number;
};

export function demoResults(evaluation: DemoEvaluation, facts: RunFacts): DemoResults {
  const { labels } = evaluation.withText.segmenter.config;
  const [trained, ...others] = evaluation.contenders;
  const summary = summaryOf(evaluation, trained, labels);
  const { noTextSeconds, ...known } = facts;
  const intervals = {
    dsc: byClass(summary, labels, ({ dsc }) => dsc),
    hd95_mm: byClass(summary, labels, ({ hd95Mm }) => hd95Mm),
    nsd_1mm: byClass(summary, labels, ({ nsd }) => nsd),
  };
  const compared = others.map(
    (other) => [other.key, comparison(evaluation, other, labels, noTextSeconds)] as const,
  );
  return {
    version: 1,
    ...known,
    held_out_cases: evaluation.results.get(trained.key)?.length ?? 0,
    dsc: means(intervals.dsc),
    hd95_mm: means(intervals.hd95_mm),
    nsd_1mm: means(intervals.nsd_1mm),
    intervals,
    comparisons: Object.fromEntries(compared),
  };
}

/** Held-out scores of a contender, a class at a time. */
export function summaryOf(
  evaluation: DemoEvaluation,
  { key }: Contender,
  labels: readonly Label[],
): ClassSummary[] {
  return summariseCases(evaluation.results.get(key) ?? [], labels);
}

function comparison(
  evaluation: DemoEvaluation,
  contender: Contender,
  labels: readonly Label[],
  noTextSeconds: number,
): ComparisonResult {
  const overlap = means(byClass(summaryOf(evaluation, contender, labels), labels, ({ dsc }) => dsc));
  const known = Object.values(overlap).filter((value) => value !== null);
  return {
    label: contender.label,
    explanation: contender.explanation,
    mean_dice_by_class: overlap,
    mean_dice: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
    ...(contender.key === 'no_text' ? { training_seconds: noTextSeconds } : {}),
  };
}

function byClass<T>(
  summary: readonly ClassSummary[],
  labels: readonly Label[],
  pick: (summary: ClassSummary) => T,
): Record<string, T> {
  const named = summary.map(
    (each) =>
      [labels.find(({ id }) => id === each.classId)?.name ?? String(each.classId), pick(each)] as const,
  );
  return Object.fromEntries(named);
}

function means(spreads: Readonly<Record<string, Summary>>): ByClass {
  return Object.fromEntries(Object.entries(spreads).map(([name, { mean }]) => [name, mean]));
}
