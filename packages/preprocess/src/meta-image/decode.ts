import { readAttached, type TextFormat } from '../attached/read-attached.js';
import { blobSource } from '../attached/voxel-source.js';
import type { ReadOptions } from '../nifti/limits.js';
import type { Volume } from '../volume.js';
import { judgeMetaImage } from './judge.js';

/** MetaImage with its data attached, raw or zlib. */
export const META_IMAGE: TextFormat = { code: 'mha', judge: judgeMetaImage };

/**
 * Reads a MetaImage file held in memory, its data attached (`.mha`), raw or zlib; `name` stands in the errors. The
 * header is judged before a voxel is read. Throws a `PreprocessError` of kind `data` with a code `mha-...`.
 */
export async function decodeMetaImage(
  bytes: Uint8Array,
  name = 'MetaImage data',
  options: ReadOptions = {},
): Promise<Volume> {
  return readAttached(blobSource(new Blob([bytes as Uint8Array<ArrayBuffer>])), META_IMAGE, name, options);
}
