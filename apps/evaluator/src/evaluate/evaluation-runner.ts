import { ThreadPool } from '@bipvl/preprocess/node';
import { EvaluatorError } from '../errors.js';
import { doEvaluationJob, type EvaluationJob, type EvaluationResults } from './evaluation-job.js';

/** Does jobs somewhere; as many at once as it has hands, each with the masks of one case in memory. */
export interface EvaluationRunner {
  readonly hands: number;
  run<K extends EvaluationJob['kind']>(
    job: Extract<EvaluationJob, { kind: K }>,
  ): Promise<EvaluationResults[K]>;
  /** Ends at once; what is still awaited fails. */
  close(): Promise<void>;
}

/** Does jobs in worker threads, or on this one where `threads` is 0. */
export function createRunner(threads: number): EvaluationRunner {
  // A job is answered with the result of its kind.
  return (threads === 0 ? ownThread : openThreads(threads)) as EvaluationRunner;
}

const ownThread = { hands: 1, run: doEvaluationJob, close: async () => undefined };

function openThreads(threads: number): ThreadPool<EvaluationJob, EvaluationResults[EvaluationJob['kind']]> {
  const work = {
    owner: 'evaluation',
    script: new URL('./worker.js', import.meta.url),
    setup: undefined,
    nameOf: ({ files }: EvaluationJob) => `case ${files.caseId} (${files.prediction}, ${files.reference})`,
    ErrorClass: EvaluatorError,
    deathHint: 'most often memory ran out: use fewer threads (--threads 1)',
  };
  return new ThreadPool(work, threads);
}
