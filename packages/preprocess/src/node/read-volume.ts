import { readFile } from 'node:fs/promises';
import { collectPieces } from '../nifti/collect.js';
import { isGzip } from '../nifti/gzip.js';
import { parseHeader } from '../nifti/header.js';
import { judgeHeader } from '../nifti/judge.js';
import { type ReadOptions, resolveLimits } from '../nifti/limits.js';
import { assemble, checkLength, parseNifti } from '../nifti/parse.js';
import type { Volume } from '../volume.js';
import { fileFault } from './file-fault.js';
import { gunzipPieces } from './gunzip.js';

/**
 * Reads a NIfTI file: `.nii`, `.nii.gz`, or the `.hdr` of a `.hdr`/`.img` pair, either version and byte order.
 * The header is judged first; a file with fewer bytes than it promises is refused. Throws a `PreprocessError` that names
 * the file: `file-missing`, `file-unreadable`, `not-nifti`, `nifti-truncated` and the other `nifti-...` codes.
 */
export async function readVolume(path: string, options: ReadOptions = {}): Promise<Volume> {
  const bytes = await readBytes(path);
  if (path.endsWith('.hdr')) return readPair(path, bytes, options);
  if (!isGzip(bytes)) return parseNifti(bytes, path, options);
  const { bytes: inflated, declared } = await collectPieces(gunzipPieces(bytes), bytes.length, path, options);
  return assemble(inflated.subarray(declared.dataOffset), declared, path);
}

async function readPair(path: string, headerBytes: Uint8Array, options: ReadOptions): Promise<Volume> {
  const declared = judgeHeader(parseHeader(headerBytes, path), path, resolveLimits(options));
  const imagePath = `${path.slice(0, -'.hdr'.length)}.img`;
  const voxels = await readBytes(imagePath);
  checkLength(voxels.length, declared, imagePath, options);
  return assemble(voxels.subarray(declared.dataOffset), declared, path);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw fileFault(path, cause);
  }
}
