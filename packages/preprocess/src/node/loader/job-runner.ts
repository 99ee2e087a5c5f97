import { setImmediate } from 'node:timers/promises';
import { PreprocessError } from '../../errors.js';
import { ThreadPool } from '../threads/thread-pool.js';
import { type Job, type LoaderSetup, PatchWork, type Results } from './patch-work.js';

/** Does jobs somewhere; as many at once as it has hands. */
export interface JobRunner {
  readonly hands: number;
  run<K extends Job['kind']>(job: Extract<Job, { kind: K }>): Promise<Results[K]>;
  /** Does a job in every thread. */
  tellAll(job: Job): Promise<void>;
  close(): Promise<void>;
}

/** Runs jobs in `workers` threads, or on this one where that is 0. */
export function createRunner(setup: LoaderSetup, workers: number): JobRunner {
  return workers === 0 ? new OwnThread(setup) : createThreads(setup, workers);
}

class OwnThread implements JobRunner {
  readonly hands = 1;
  readonly #work: PatchWork;

  constructor(setup: LoaderSetup) {
    this.#work = new PatchWork(setup);
  }

  async run<K extends Job['kind']>(job: Extract<Job, { kind: K }>): Promise<Results[K]> {
    await setImmediate();
    return (await this.#work.run(job)) as Results[K];
  }

  async tellAll(job: Job): Promise<void> {
    await this.#work.run(job);
  }

  async close(): Promise<void> {
    this.#work.close();
  }
}

function createThreads(setup: LoaderSetup, workers: number): JobRunner {
  const work = {
    owner: 'loader',
    script: new URL('./worker.js', import.meta.url),
    setup,
    nameOf,
    ErrorClass: PreprocessError,
    deathHint: 'most often memory ran out: use fewer workers or a coarser spacing',
  };
  // A thread answers a job with the result of that kind of job.
  return new ThreadPool<Job, Results[Job['kind']]>(work, workers) as JobRunner;
}

function nameOf(job: Job): string {
  if (job.kind === 'prepare') return `preparing case ${job.files.id}`;
  return job.kind === 'patch' ? `a patch of case ${job.request.caseId}` : 'opening the cases';
}
