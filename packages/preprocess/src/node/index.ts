export { writeAtomically } from './atomic-write.js';
export { type PreparedCase, type PrepareOptions, prepareCase } from './cache/prepare-case.js';
export { type CheckOptions, checkDataset } from './check-dataset.js';
export { type FingerprintOptions, fingerprintDataset } from './fingerprint-dataset.js';
export {
  type LoadedPatch,
  openPatchLoader,
  PatchLoader,
  type PatchLoaderOptions,
} from './loader/patch-loader.js';
export { type PatchOrder, type PatchRequest, shuffledOrder } from './loader/patch-request.js';
export { readCaseImage, readLabel } from './read-case.js';
export { readCaseLabel } from './read-case-label.js';
export { type ReadDatasetOptions, readDataset } from './read-dataset.js';
export type { ReadVolumeOptions } from './read-volume.js';
export { readVolume } from './read-volume.js';
export { answerJobs } from './threads/answer-jobs.js';
export { ThreadPool } from './threads/thread-pool.js';
export type { ThreadWork } from './threads/thread-work.js';
export { type WritePhantomOptions, writePhantom } from './write-phantom.js';
export { writeMask, writeVolume } from './write-volume.js';
