import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { PreprocessError } from '../errors.js';
import type { Volume } from '../volume.js';
import { fileFault } from './file-fault.js';
import { withScanFile } from './scan-file.js';

/** SHA-256 of a text, in hexadecimal digits. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of the bytes of a file, read piece by piece. Throws `file-missing`, `file-unreadable` or `not-a-file`. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await withScanFile(path, (file) => pipeline(file.pieces(), hash)).catch((cause: unknown) => {
    throw PreprocessError.isInstance(cause) ? cause : fileFault(path, cause);
  });
  return hash.digest('hex');
}

/** SHA-256 of shape, array type and voxels: the place in the patient does not count. */
export function voxelHash({ shape, channels, data }: Volume): string {
  return createHash('sha256')
    .update(JSON.stringify([shape, channels, data.constructor.name]))
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
}
