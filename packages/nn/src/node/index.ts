export {
  atomicWrite,
  type FileOperations,
  syncFolder,
  type WriteOptions,
  type Written,
} from './atomic-write.js';
export { readSafetensors, writeSafetensors } from './safetensors-files.js';
