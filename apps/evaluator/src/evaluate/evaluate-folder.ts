import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type CasesSummary, type ConventionName, type NamedCase, summariseCases } from '@bipvl/metrics';
import { writeAtomically } from '@bipvl/preprocess/node';
import type { Label } from '@bipvl/segmenter';
import { EvaluatorError } from '../errors.js';
import { checkOutFolder } from '../files/out-folder.js';
import type { Scoring } from './evaluation-job.js';
import { createRunner, type EvaluationRunner } from './evaluation-runner.js';
import { mapInOrder } from './map-in-order.js';
import { type MatchedFiles, matchFiles } from './match-files.js';
import { metricsCsv } from './metrics-csv.js';

/** Which masks to compare. */
export interface EvaluateOptions {
  /** Folders of NIfTI, NRRD or MHA masks, matched by file name. */
  readonly predictions: string;
  readonly references: string;
  /** Folder for `metrics.json` and `metrics.csv`; nothing is written without it. */
  readonly out?: string;
  /** What to score; every value but 0 of predictions and references by default. */
  readonly labels?: readonly Label[];
  /** Tolerance of the surface Dice in mm. Default 1. */
  readonly tolerance?: number;
  /** Definition of the distances. Default `surface-distance`. */
  readonly convention?: ConventionName;
  /** Worker threads, each with one case in memory; 0 works on the calling one. Default: as many as there are cores. */
  readonly threads?: number;
  /** Stops the threads. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

/** The case that was scored last, and how many are. */
export interface EvaluationProgress {
  readonly caseId: string;
  readonly done: number;
  readonly total: number;
}

/** What `evaluateFolder` found; `metrics.json` holds the same. */
export interface Evaluation {
  readonly version: 1;
  readonly nsdToleranceMm: number;
  readonly convention: ConventionName;
  readonly labels: readonly Label[];
  readonly cases: readonly NamedCase[];
  readonly summary: CasesSummary;
  /** References without a prediction, which count nowhere. */
  readonly withoutPrediction: readonly string[];
}

/**
 * Scores predicted masks against references by file name, on the grid of the scan: DSC, HD95 in mm, NSD and more for each label. The
 * result does not depend on the number of threads.
 * @throws EvaluatorError `no-masks`, `no-reference`, `same-name`, `grid-mismatch`, `no-labels`, `bad-label-id`, `too-many-labels`,
 * `bad-threads`, `worker-died`, `unwritable-folder`, or what reading and scoring say; naming the file.
 */
export async function evaluateFolder(options: EvaluateOptions): Promise<Evaluation> {
  const { out, tolerance = 1, convention = 'surface-distance', signal } = options;
  const threads = threadsOf(options);
  if (out !== undefined) await checkOutFolder(out);
  const { matched, withoutPrediction } = await matchFiles(options.predictions, options.references);
  const runner = createRunner(Math.min(threads, matched.length));
  const { labels, cases } = await untilAborted(runner, signal, async () => {
    const labels = options.labels ?? (await findLabels(runner, matched));
    const scoring = { labels, nsdToleranceMm: tolerance, convention };
    return { labels, cases: await scoreAll(runner, matched, scoring, options) };
  });
  const evaluation: Evaluation = {
    version: 1,
    nsdToleranceMm: tolerance,
    convention,
    labels,
    cases,
    summary: summariseCases(cases),
    withoutPrediction,
  };
  if (out !== undefined) await writeMetrics(out, evaluation);
  return evaluation;
}

/** Closes the runner in the end, and as soon as the signal aborts; its reason is thrown then. */
async function untilAborted<T>(
  runner: EvaluationRunner,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const stop = (): void => void runner.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
    const result = await work();
    signal?.throwIfAborted();
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await runner.close();
  }
}

async function findLabels(runner: EvaluationRunner, matched: readonly MatchedFiles[]): Promise<Label[]> {
  const found = await mapInOrder(matched, runner.hands, (files) =>
    runner.run({ kind: 'find-labels', files }),
  );
  const ids = [...new Set(found.flat())].sort((a, b) => a - b);
  if (ids.length > 0) return ids.map((id) => ({ id, name: `label ${id}` }));
  throw new EvaluatorError('no-labels', 'neither predictions nor references hold a label', {
    kind: 'data',
    hint: 'give the folders of masks, or name the labels by --labels 1=liver,2=spleen',
  });
}

async function scoreAll(
  runner: EvaluationRunner,
  matched: readonly MatchedFiles[],
  scoring: Scoring,
  { onProgress, signal }: EvaluateOptions,
): Promise<NamedCase[]> {
  let done = 0;
  return mapInOrder(matched, runner.hands, async (files) => {
    signal?.throwIfAborted();
    const result = await runner.run({ kind: 'score', files, scoring });
    done += 1;
    onProgress?.({ caseId: files.caseId, done, total: matched.length });
    return result;
  });
}

async function writeMetrics(out: string, evaluation: Evaluation): Promise<void> {
  await writeAtomically(join(out, 'metrics.csv'), metricsCsv(evaluation.cases));
  await writeAtomically(join(out, 'metrics.json'), `${JSON.stringify(evaluation, null, 2)}\n`);
}

function threadsOf({ threads = availableParallelism() }: EvaluateOptions): number {
  if (Number.isSafeInteger(threads) && threads >= 0) return threads;
  throw new EvaluatorError('bad-threads', `threads is ${threads}, expected a whole number from 0 on`, {
    kind: 'usage',
    hint: 'leave it out to use all cores, or give 0 to work without threads',
  });
}
