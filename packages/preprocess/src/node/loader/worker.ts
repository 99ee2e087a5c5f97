import { parentPort, workerData } from 'node:worker_threads';
import type { Patch } from '../../sampling/patch.js';
import { describeError } from './error-across-threads.js';
import { type Job, type LoaderSetup, PatchWork } from './patch-work.js';

/** The script of a worker thread: does the jobs that come in, one after the other, and sends back results or errors. */
const work = new PatchWork(workerData as LoaderSetup);

parentPort?.on('message', async (job: Job) => {
  try {
    const result = await work.run(job);
    const moved = job.kind === 'patch' ? buffersOf(result as Patch) : [];
    parentPort?.postMessage({ result }, moved);
  } catch (error) {
    parentPort?.postMessage({ error: describeError(error) });
  }
});

function buffersOf({ image, label }: Patch): ArrayBuffer[] {
  return [image.buffer as ArrayBuffer, label.buffer as ArrayBuffer];
}
