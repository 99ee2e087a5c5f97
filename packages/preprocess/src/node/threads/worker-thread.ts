import { Worker } from 'node:worker_threads';
import { type ErrorDescription, restoreError } from './error-across-threads.js';
import type { ThreadWork } from './thread-work.js';

/** What a thread says of a job. */
export type Answer<Result> = { readonly result: Result } | { readonly error: ErrorDescription };

interface Waiting<Result> {
  readonly what: string;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** One worker thread that does one job at a time. It keeps the process alive only while a job is on. */
export class WorkerThread<Job, Result> {
  readonly #work: ThreadWork<Job>;
  readonly #worker: Worker;
  #waiting: Waiting<Result> | undefined;
  #death: Error | undefined;

  constructor(work: ThreadWork<Job>) {
    this.#work = work;
    this.#worker = new Worker(work.script, { workerData: work.setup });
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer<Result>) => this.#answer(answer));
    this.#worker.on('error', (cause) => this.#die(this.#died(cause)));
    this.#worker.on('exit', (code) => this.#die(this.#died(`exit code ${code}`)));
  }

  /** Throws what the job throws, `worker-died` naming the job, or `<owner>-closed`. */
  run(job: Job): Promise<Result> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    return new Promise((resolve, reject) => {
      this.#waiting = { what: this.#work.nameOf(job), resolve, reject };
      this.#worker.ref();
      this.#worker.postMessage(job);
    });
  }

  /** Ends the thread, whatever it is at. */
  async close(): Promise<void> {
    this.#death ??= this.#closed();
    await this.#worker.terminate();
  }

  #answer(answer: Answer<Result>): void {
    const waiting = this.#take();
    if ('error' in answer) waiting?.reject(restoreError(answer.error, this.#work.ErrorClass));
    else waiting?.resolve(answer.result);
  }

  #die(reason: Error): void {
    this.#death ??= reason;
    this.#take()?.reject(this.#death);
  }

  #take(): Waiting<Result> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#worker.unref();
    return waiting;
  }

  #died(cause: unknown): Error {
    const { ErrorClass, deathHint } = this.#work;
    const what = this.#waiting?.what ?? 'nothing';
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new ErrorClass('worker-died', `a worker thread ended at ${what}: ${reason}`, {
      kind: 'resource',
      hint: deathHint,
      cause,
    });
  }

  #closed(): Error {
    const { owner, ErrorClass } = this.#work;
    return new ErrorClass(`${owner}-closed`, `the ${owner} was closed, and something was asked of it`, {
      kind: 'usage',
      hint: `close a ${owner} when the last answer has come`,
    });
  }
}
