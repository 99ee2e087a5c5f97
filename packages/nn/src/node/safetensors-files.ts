import {
  type DecodeOptions,
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
} from '../checkpoints/safetensors.js';
import type { StoredTensor } from '../checkpoints/storage-types.js';
import { atomicWrite, type WriteOptions, type Written } from './atomic-write.js';
import { readWholeFile } from './read-whole-file.js';

/**
 * Reads and checks a safetensors file.
 * @throws NetworkError `read-failed` where the file cannot be read, `bad-safetensors` where it is malformed.
 */
export async function readSafetensors(
  path: string,
  limits: Omit<DecodeOptions, 'source'> = {},
): Promise<Safetensors> {
  const contents = await readWholeFile(path);
  return decodeSafetensors(contents, { ...limits, source: path });
}

/**
 * Writes tensors so that the file is never half there; the same tensors give the same bytes.
 * @throws NetworkError `bad-stored-tensor`, `write-failed`
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata?: ReadonlyMap<string, string>,
  options: WriteOptions = {},
): Promise<Written> {
  return atomicWrite(path, encodeSafetensors(tensors, metadata), options);
}
