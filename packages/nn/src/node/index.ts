export { atomicWrite, type FileOperations, type WriteOptions, type Written } from './atomic-write.js';
export { readSafetensors, writeSafetensors } from './safetensors-files.js';
