export { writeAtomically } from './atomic-write.js';
export { type CheckOptions, checkDataset } from './check-dataset.js';
export { readCaseImage, readLabel } from './read-case.js';
export { readDataset } from './read-dataset.js';
export type { ReadVolumeOptions } from './read-volume.js';
export { readVolume } from './read-volume.js';
export { type WritePhantomOptions, writePhantom } from './write-phantom.js';
export { writeMask, writeVolume } from './write-volume.js';
