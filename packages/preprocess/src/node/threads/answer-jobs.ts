import { parentPort } from 'node:worker_threads';
import { describeError } from './error-across-threads.js';
import type { Answer } from './worker-thread.js';

/**
 * The whole of a script of a worker thread: does the jobs that come in, one after the other, and sends back results or
 * errors. Buffers that `movedBy` names are moved, not copied.
 */
export function answerJobs<Job, Result>(
  run: (job: Job) => Promise<Result>,
  movedBy: (result: Result) => ArrayBuffer[] = () => [],
): void {
  parentPort?.on('message', async (job: Job) => {
    try {
      const result = await run(job);
      parentPort?.postMessage({ result } satisfies Answer<Result>, movedBy(result));
    } catch (error) {
      parentPort?.postMessage({ error: describeError(error) } satisfies Answer<Result>);
    }
  });
}
