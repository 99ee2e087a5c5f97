import { setImmediate } from 'node:timers/promises';
import { type Job, type LoaderSetup, PatchWork, type Results } from './patch-work.js';
import { WorkerThread } from './worker-thread.js';

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
  return workers === 0 ? new OwnThread(setup) : new ThreadPool(setup, workers);
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

/** Gives each job to the first thread that is free, in the order in which the jobs came. */
class ThreadPool implements JobRunner {
  readonly #threads: readonly WorkerThread[];
  readonly #idle: WorkerThread[];
  readonly #queue: ((thread: WorkerThread) => void)[] = [];

  constructor(setup: LoaderSetup, workers: number) {
    this.#threads = Array.from({ length: workers }, () => new WorkerThread(setup));
    this.#idle = [...this.#threads];
  }

  get hands(): number {
    return this.#threads.length;
  }

  async run<K extends Job['kind']>(job: Extract<Job, { kind: K }>): Promise<Results[K]> {
    const thread = await this.#acquire();
    try {
      return (await thread.run(job)) as Results[K];
    } finally {
      this.#release(thread);
    }
  }

  async tellAll(job: Job): Promise<void> {
    const all = await Promise.all(this.#threads.map(() => this.#acquire()));
    try {
      await Promise.all(all.map((thread) => thread.run(job)));
    } finally {
      for (const thread of all) this.#release(thread);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #acquire(): Promise<WorkerThread> {
    const thread = this.#idle.pop();
    return thread === undefined
      ? new Promise((resolve) => this.#queue.push(resolve))
      : Promise.resolve(thread);
  }

  #release(thread: WorkerThread): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#idle.push(thread);
    else next(thread);
  }
}
