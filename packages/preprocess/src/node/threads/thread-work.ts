import type { ThreadErrorClass } from './error-across-threads.js';

/** What threads do for a caller: jobs of one kind of plain data, one at a time in each. */
export interface ThreadWork<Job> {
  /** What the threads work for, as errors name it, such as `loader`. */
  readonly owner: string;
  /** Script of each thread; it calls `answerJobs`. */
  readonly script: URL;
  /** What the script finds as `workerData`: plain data. */
  readonly setup: unknown;
  /** What errors call a job. */
  readonly nameOf: (job: Job) => string;
  readonly ErrorClass: ThreadErrorClass;
  /** How to mend that a thread ended by itself, most often for want of memory. */
  readonly deathHint: string;
}
