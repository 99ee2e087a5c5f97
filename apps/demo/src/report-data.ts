import {
  type ConceptSet,
  conceptSetHash,
  lintConceptSet,
  loadConceptSet,
  reviewState,
} from '@bipvl/concepts';
import type { EngineEnvironment } from '@bipvl/engine';
import type { Comparison, ReportData, Row, TrainingHistory } from '@bipvl/evaluator';
import { caseScores } from '@bipvl/evaluator';
import type { Dataset } from '@bipvl/preprocess';
import type { Label } from '@bipvl/segmenter';
import type { LogEntry, RunConfig } from '@bipvl/trainer';
import type { DemoData } from './data/index.js';
import type { DemoEvaluation } from './evaluate-demo.js';
import { type DemoResults, summaryOf } from './results.js';

export interface ReportInput {
  readonly data: DemoData;
  readonly dataset: Dataset;
  readonly config: RunConfig;
  readonly evaluation: DemoEvaluation;
  readonly results: DemoResults;
  readonly log: readonly LogEntry[];
  readonly counts: { readonly train: number; readonly validation: number; readonly heldOut: number };
  readonly engine: EngineEnvironment;
  readonly createdAt: string;
  readonly productVersion: string;
  readonly commands: ReportData['commands'];
}

/** Everything the report shows, drawn from the files and scores of a finished run. */
export async function reportData(input: ReportInput): Promise<ReportData> {
  const { data, dataset, config, evaluation, results, log, counts } = input;
  const { labels } = evaluation.withText.segmenter.config;
  const [trained] = evaluation.contenders;
  return {
    title: `BiPVL-Seg on ${dataset.name}`,
    createdAt: input.createdAt,
    productVersion: input.productVersion,
    phantomBanner: data.kind === 'phantom' ? phantomBanner(data.note) : undefined,
    dataset: {
      name: dataset.name,
      licence: dataset.licence,
      citation: dataset.reference,
      modality: dataset.modality.join(', '),
      caseCount: dataset.cases.length,
      trainCount: counts.train,
      validationCount: counts.validation,
      heldOutCount: counts.heldOut,
      seed: results.seed,
      fold: results.fold,
    },
    config: { ...config, data: dataset.name },
    model: { name: 'BiPVL-Seg', parameters: evaluation.parameters.withText, rows: modelRows(input) },
    environment: environmentRows(input.engine, results),
    training: history(log, results.training_seconds),
    classes: labels.map(({ id, name }) => ({ id, name })),
    nsdToleranceMm: 1,
    summary: summaryOf(evaluation, trained, labels),
    cases: caseScores(evaluation.results.get(trained.key) ?? []),
    overlays: evaluation.overlays,
    comparisons: comparisons(evaluation, labels, results),
    concepts: await conceptFacts(evaluation, config),
    notes: notes(input),
    commands: input.commands,
  };
}

function phantomBanner(note: string | undefined): string {
  const reason = note === undefined ? '' : ` ${note}`;
  return `Synthetic images: this run used the embedded phantom, not scans of patients.${reason} Its scores say nothing about real anatomy.`;
}

function modelRows({ config, evaluation }: ReportInput): Row[] {
  const { segmenter } = config;
  const rows: Row[] = [
    { key: 'backbone', value: segmenter.backbone.name },
    { key: 'patch, voxels', value: segmenter.image.patch.join(' x ') },
    { key: 'parameters without text', value: evaluation.parameters.noText },
  ];
  if (segmenter.method === 'vision-only') return rows;
  const { text, fusion } = segmenter;
  const sites = text.stages.length;
  return [
    ...rows,
    {
      key: 'text encoder',
      value: `BERT of ${text.layers} layers, width ${text.width}, in ${sites} stages, trained from scratch`,
    },
    { key: 'fusion', value: `${fusion.name}, ${fusion.mode}, ${sites} sites` },
  ];
}

function environmentRows(engine: EngineEnvironment, results: DemoResults): Row[] {
  return [
    { key: 'Node.js', value: engine.node },
    { key: 'TensorFlow', value: engine.tensorflow },
    { key: 'processor', value: engine.cpu },
    { key: 'threads', value: engine.threads },
    { key: 'GPU', value: engine.usesGpu ? 'yes' : 'no' },
    { key: 'training, s', value: Math.round(results.training_seconds) },
    { key: 'demonstration as a whole, s', value: Math.round(results.total_seconds) },
    { key: 'peak memory, MiB', value: Math.round(results.peak_memory_bytes / 2 ** 20) },
  ];
}

function history(log: readonly LogEntry[], seconds: number): TrainingHistory {
  const steps = log.flatMap((entry) =>
    entry.type === 'step' ? [{ ...entry, losses: withTotal(entry.losses) }] : [],
  );
  const validation = log.flatMap((entry) =>
    entry.type === 'validation' ? [{ step: entry.step, dsc: entry.dsc }] : [],
  );
  return { steps, validation, seconds };
}

function withTotal(losses: Readonly<Record<string, number>>): { total: number } & Record<string, number> {
  return { ...losses, total: losses['total'] ?? Number.NaN };
}

function comparisons(
  evaluation: DemoEvaluation,
  labels: readonly Label[],
  results: DemoResults,
): Comparison[] {
  const seconds: Readonly<Record<string, number | undefined>> = {
    trained: results.training_seconds,
    no_text: results.comparisons['no_text']?.training_seconds,
  };
  return evaluation.contenders.map((contender) => ({
    ...contender,
    seconds: seconds[contender.key],
    dsc: summaryOf(evaluation, contender, labels).map(({ classId, dsc: { mean, low, high } }) => ({
      classId,
      mean,
      low,
      high,
    })),
  }));
}

async function conceptFacts(evaluation: DemoEvaluation, config: RunConfig): Promise<ReportData['concepts']> {
  const set: ConceptSet = evaluation.withText.conceptSet ?? loadConceptSet(config.concepts ?? '');
  const [hash, review] = [await conceptSetHash(set), await reviewState(set)];
  return { set, hash, findings: lintConceptSet(set), review };
}

/** What the rows with other texts say, where they say it plainly. */
function readingOfTexts(evaluation: DemoEvaluation): string[] {
  const { labels } = evaluation.withText.segmenter.config;
  const mean = (key: string): number[] => {
    const contender = evaluation.contenders.find((each) => each.key === key);
    return contender ? summaryOf(evaluation, contender, labels).map(({ dsc }) => dsc.mean ?? 0) : [];
  };
  const [own, blank] = [mean('trained'), mean('blank_texts')];
  const largest = Math.max(...own.map((value, index) => Math.abs(value - (blank[index] ?? value))));
  if (largest >= 0.005) return [];
  return [
    'Blank texts change the scores by less than 0.005: every case reads the same texts, and a network of this size, trained this briefly, hardly needs to tell their words apart.',
  ];
}

function notes({ evaluation, data, config }: ReportInput): string[] {
  const classes = evaluation.withText.segmenter.config.labels.length;
  const alignment =
    classes === 1
      ? ['With one class there is nothing to contrast it with: both alignment losses are 0.']
      : classes === 2
        ? ['With two classes the local alignment has one negative a row and equals the full InfoNCE.']
        : [];
  return [
    ...alignment,
    ...readingOfTexts(evaluation),
    'The concept texts were written for this project and not by GPT-4o; no radiologist has reviewed them.',
    `The text encoder was trained from scratch on ${config.steps} steps; the paper starts from ClinicalBERT and trains for 300 epochs.`,
    'Held-out cases were opened once, after the last training step; the model was chosen on validation cases of the training folds.',
    ...(data.kind === 'phantom'
      ? ['The phantom is made by a generator: its organs are where and what their texts say by construction.']
      : []),
  ];
}
