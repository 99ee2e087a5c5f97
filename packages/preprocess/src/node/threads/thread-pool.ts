import type { ThreadWork } from './thread-work.js';
import { WorkerThread } from './worker-thread.js';

/** Worker threads that give each job to the first of them that is free, in the order in which the jobs came. */
export class ThreadPool<Job, Result> {
  readonly #threads: readonly WorkerThread<Job, Result>[];
  readonly #idle: WorkerThread<Job, Result>[];
  readonly #queue: ((thread: WorkerThread<Job, Result>) => void)[] = [];

  constructor(work: ThreadWork<Job>, threads: number) {
    this.#threads = Array.from({ length: threads }, () => new WorkerThread<Job, Result>(work));
    this.#idle = [...this.#threads];
  }

  /** How many jobs are done at once. */
  get hands(): number {
    return this.#threads.length;
  }

  /** Throws what the job throws, `worker-died` naming the job, or `<owner>-closed`. */
  async run(job: Job): Promise<Result> {
    const thread = await this.#acquire();
    try {
      return await thread.run(job);
    } finally {
      this.#release(thread);
    }
  }

  /** Does a job in every thread. */
  async tellAll(job: Job): Promise<void> {
    const all = await Promise.all(this.#threads.map(() => this.#acquire()));
    try {
      await Promise.all(all.map((thread) => thread.run(job)));
    } finally {
      for (const thread of all) this.#release(thread);
    }
  }

  /** Ends the threads; what is still awaited fails. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #acquire(): Promise<WorkerThread<Job, Result>> {
    const thread = this.#idle.pop();
    return thread === undefined
      ? new Promise((resolve) => this.#queue.push(resolve))
      : Promise.resolve(thread);
  }

  #release(thread: WorkerThread<Job, Result>): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#idle.push(thread);
    else next(thread);
  }
}
