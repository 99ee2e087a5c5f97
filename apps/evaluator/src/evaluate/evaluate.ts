import { join } from 'node:path';
import { type CasesSummary, type NamedCase, summariseCases } from '@bipvl/metrics';
import { writeAtomically } from '@bipvl/preprocess/node';
import type { Label } from '@bipvl/segmenter';
import { checkOutFolder } from '../files/out-folder.js';
import { readMask } from '../files/read-mask.js';
import { requireSameGrid } from '../files/same-grid.js';
import { findLabels } from './find-labels.js';
import { type MatchedFiles, matchFiles } from './match-files.js';
import { metricsCsv } from './metrics-csv.js';
import { scoreCase } from './score-case.js';

/** Which masks to compare. */
export interface EvaluateOptions {
  /** Folders of NIfTI masks, matched by file name. */
  readonly predictions: string;
  readonly references: string;
  /** Folder for `metrics.json` and `metrics.csv`; nothing is written without it. */
  readonly out?: string;
  /** What to score; every value but 0 of the references by default. */
  readonly labels?: readonly Label[];
  /** Tolerance of the surface Dice in mm. Default 1. */
  readonly tolerance?: number;
  /** Stops at the next case. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly caseId: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** What `evaluate` found; `metrics.json` holds the same. */
export interface Evaluation {
  readonly version: 1;
  readonly nsdToleranceMm: number;
  readonly labels: readonly Label[];
  readonly cases: readonly NamedCase[];
  readonly summary: CasesSummary;
  /** References without a prediction, which count nowhere. */
  readonly withoutPrediction: readonly string[];
}

/**
 * Scores predicted masks against references by file name, on the grid of the scan: DSC, HD95 in mm, NSD and more for each label.
 * @throws EvaluatorError `no-reference`, `grid-mismatch`, `no-labels`, `unwritable-folder`; PreprocessError or MetricsError; naming the file.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { out, tolerance = 1 } = options;
  if (out !== undefined) await checkOutFolder(out);
  const { matched, withoutPrediction } = await matchFiles(options.predictions, options.references);
  const labels = options.labels ?? (await findLabels(matched, options.signal));
  const cases = await scoreAll(matched, labels, tolerance, options);
  const summary = summariseCases(cases);
  const evaluation: Evaluation = {
    version: 1,
    nsdToleranceMm: tolerance,
    labels,
    cases,
    summary,
    withoutPrediction,
  };
  if (out !== undefined) await writeMetrics(out, evaluation);
  return evaluation;
}

async function scoreAll(
  matched: readonly MatchedFiles[],
  labels: readonly Label[],
  nsdToleranceMm: number,
  { onProgress, signal }: EvaluateOptions,
): Promise<NamedCase[]> {
  const cases: NamedCase[] = [];
  for (const files of matched) {
    signal?.throwIfAborted();
    cases.push(await scoreFiles(files, labels, nsdToleranceMm));
    onProgress?.({ caseId: files.caseId, done: cases.length, total: matched.length });
  }
  return cases;
}

async function scoreFiles(
  files: MatchedFiles,
  labels: readonly Label[],
  nsdToleranceMm: number,
): Promise<NamedCase> {
  const prediction = await readMask(files.prediction);
  const reference = await readMask(files.reference);
  requireSameGrid(
    { name: files.reference, volume: reference },
    { name: files.prediction, volume: prediction },
  );
  return { caseId: files.caseId, ...scoreCase({ prediction, reference, labels, nsdToleranceMm }) };
}

async function writeMetrics(out: string, evaluation: Evaluation): Promise<void> {
  await writeAtomically(join(out, 'metrics.csv'), metricsCsv(evaluation.cases));
  await writeAtomically(join(out, 'metrics.json'), `${JSON.stringify(evaluation, null, 2)}\n`);
}
