import { workerData } from 'node:worker_threads';
import { answerJobs } from '../threads/answer-jobs.js';
import { type Job, type LoaderSetup, PatchWork, type Results } from './patch-work.js';

/** The script of a worker thread of a loader. The voxels of patches are moved, not copied. */
const work = new PatchWork(workerData as LoaderSetup);

answerJobs((job: Job) => work.run(job), buffersOf);

function buffersOf(result: Results[Job['kind']]): ArrayBuffer[] {
  if (result === undefined || !('image' in result)) return [];
  return [result.image.buffer as ArrayBuffer, result.label.buffer as ArrayBuffer];
}
