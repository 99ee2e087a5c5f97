import type { RunConfig } from './config/run-config.js';
import { openDataset } from './data/open-dataset.js';
import { chooseCases } from './data/run-cases.js';
import type { TrainEvent } from './loop/train-event.js';
import { closeSession, prepareSession, type SessionInput } from './prepare/prepare-session.js';
import { resolveRun } from './prepare/resolve-run.js';
import { discardRun, type OpenRunFolder, openRunFolder, removeCache } from './run-folder/open-run-folder.js';
import { holdsRun, requireSameConfig } from './run-folder/stored-config.js';
import type { TrainResult } from './train-result.js';
import { TrainingSession } from './training-session.js';

export interface TrainOptions {
  /** Checked by `parseRunConfig`. */
  readonly config: RunConfig;
  /** The run folder; made where it is missing. */
  readonly out: string;
  /** Ends the run within one step, after a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainEvent) => void;
  /** Go on with the run that the folder holds. */
  readonly resume?: boolean;
  /** Replace the run that the folder holds. */
  readonly fresh?: boolean;
}

/**
 * Trains a segmenter on one fold of a dataset into a run folder. The model of the last step is kept where nothing validates; else the best
 * validated one is. Held-out cases are never opened.
 * @throws the typed error of whatever is wrong; what was saved before stays.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const mode = options.resume ? 'resume' : options.fresh ? 'fresh' : 'new';
  const folder = await openRunFolder(options.out, mode);
  try {
    return await trainIn(folder, options);
  } finally {
    await folder.release();
  }
}

async function trainIn(folder: OpenRunFolder, options: TrainOptions): Promise<TrainResult> {
  try {
    return await trainResolved(folder, options);
  } catch (error) {
    const isEnded = options.signal?.aborted && error === options.signal.reason;
    if (!isEnded) throw error;
    return interruptedEarly(folder.paths.folder, options.config.steps);
  }
}

async function trainResolved({ paths, hasRun }: OpenRunFolder, options: TrainOptions): Promise<TrainResult> {
  const { signal, resume = false, onEvent = () => {} } = options;
  const dataset = await openDataset(options.config);
  const { config, notices } = await resolveRun(options.config, dataset, {
    onProgress: (_file, done, total) =>
      onEvent({ type: 'progress', what: 'fetching text encoder', done, total }),
    ...(signal && { signal }),
  });
  if (resume) await requireSameConfig(config, paths);
  const cases = chooseCases(dataset, config.fold);
  const cacheFolder = config.loading.cache ?? paths.cache;
  const session = { config, dataset, cases, cacheFolder, notices, emit: onEvent, signal };
  let goesOn = true;
  try {
    const result = await trainSession(session, { paths, hasRun }, resume);
    goesOn = result.status !== 'finished';
    return result;
  } finally {
    // Scans are not left behind in a folder that people hand on, only where the run needs them to be resumed.
    if (!goesOn || !(await holdsRun(paths))) await removeCache(paths);
  }
}

async function trainSession(
  input: SessionInput,
  { paths, hasRun }: Pick<OpenRunFolder, 'paths' | 'hasRun'>,
  resume: boolean,
): Promise<TrainResult> {
  const parts = await prepareSession(input);
  if (parts === null) return interruptedEarly(paths.folder, input.config.steps);
  try {
    if (!resume && hasRun) await discardRun(paths);
    return await new TrainingSession(parts, paths).run(resume);
  } finally {
    await closeSession(parts);
  }
}

function interruptedEarly(folder: string, steps: number): TrainResult {
  return { status: 'interrupted', folder, step: 0, steps, best: null, bundle: null, seconds: 0 };
}
