import { readAttached, type TextFormat } from '../attached/read-attached.js';
import { blobSource } from '../attached/voxel-source.js';
import type { ReadOptions } from '../nifti/limits.js';
import type { Volume } from '../volume.js';
import { judgeNrrd } from './judge.js';

/** NRRD with its data attached, raw or gzip. */
export const NRRD: TextFormat = { code: 'nrrd', judge: judgeNrrd };

/**
 * Reads an NRRD file held in memory, its data attached, raw or gzip; `name` stands in the errors. The header is judged
 * before a voxel is read. An axis without direction holds the channels. Throws a `PreprocessError` of kind `data` with a
 * code `nrrd-...`.
 */
export async function decodeNrrd(
  bytes: Uint8Array,
  name = 'NRRD data',
  options: ReadOptions = {},
): Promise<Volume> {
  return readAttached(blobSource(new Blob([bytes as Uint8Array<ArrayBuffer>])), NRRD, name, options);
}
