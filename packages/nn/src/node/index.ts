export {
  atomicWrite,
  type FileOperations,
  syncFolder,
  type WriteOptions,
  type Written,
} from './atomic-write.js';
export {
  type LoadCheckpointOptions,
  loadCheckpoint,
  readCheckpoint,
  type SaveCheckpointOptions,
  saveCheckpoint,
} from './checkpoint-files.js';
export { inflate } from './inflate.js';
export { readSafetensors, writeSafetensors } from './safetensors-files.js';
