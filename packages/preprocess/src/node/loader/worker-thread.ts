import { Worker } from 'node:worker_threads';
import { PreprocessError } from '../../errors.js';
import { type ErrorDescription, restoreError } from './error-across-threads.js';
import type { Job, LoaderSetup, Results } from './patch-work.js';

type Answer = { readonly result: Results[Job['kind']] } | { readonly error: ErrorDescription };

interface Waiting {
  readonly what: string;
  readonly resolve: (result: Results[Job['kind']]) => void;
  readonly reject: (error: PreprocessError) => void;
}

/** One worker thread that does one job at a time. It keeps the process alive only while a job is on. */
export class WorkerThread {
  readonly #worker: Worker;
  #waiting: Waiting | undefined;
  #death: PreprocessError | undefined;

  constructor(setup: LoaderSetup) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup });
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#answer(answer));
    this.#worker.on('error', (cause) => this.#die(died(this.#what, cause)));
    this.#worker.on('exit', (code) => this.#die(died(this.#what, `exit code ${code}`)));
  }

  run(job: Job): Promise<Results[Job['kind']]> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    return new Promise((resolve, reject) => {
      this.#waiting = { what: nameOf(job), resolve, reject };
      this.#worker.ref();
      this.#worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    this.#death ??= closed();
    await this.#worker.terminate();
  }

  get #what(): string {
    return this.#waiting?.what ?? 'nothing';
  }

  #answer(answer: Answer): void {
    const waiting = this.#take();
    if ('error' in answer) waiting?.reject(restoreError(answer.error));
    else waiting?.resolve(answer.result);
  }

  #die(reason: PreprocessError): void {
    this.#death ??= reason;
    this.#take()?.reject(this.#death);
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#worker.unref();
    return waiting;
  }
}

function nameOf(job: Job): string {
  if (job.kind === 'prepare') return `preparing case ${job.files.id}`;
  return job.kind === 'patch' ? `a patch of case ${job.request.caseId}` : 'opening the cases';
}

function died(what: string, cause: unknown): PreprocessError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PreprocessError('worker-died', `a worker thread ended at ${what}: ${reason}`, {
    kind: 'resource',
    hint: 'most often memory ran out: use fewer workers or a coarser spacing',
    cause,
  });
}

function closed(): PreprocessError {
  return new PreprocessError('loader-closed', 'the loader was closed, and something was asked of it', {
    kind: 'usage',
    hint: 'close a loader when the last patch has come',
  });
}
