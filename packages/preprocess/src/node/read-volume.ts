import { readFile } from 'node:fs/promises';
import { PreprocessError } from '../errors.js';
import { collectPieces, damagedStream } from '../nifti/collect.js';
import { isGzip } from '../nifti/gzip.js';
import { parseHeader } from '../nifti/header.js';
import { judgeHeader } from '../nifti/judge.js';
import { declaredBytes, judgeCompressed } from '../nifti/judge-compressed.js';
import { type ReadOptions, resolveLimits } from '../nifti/limits.js';
import { assemble, checkLength, parseNifti } from '../nifti/parse.js';
import type { Volume } from '../volume.js';
import { fileFault } from './file-fault.js';
import { gunzipExactly, gunzipPieces, gunzipStart } from './gunzip.js';
import { type CompressedFile, decodeWithItk, itkIsWorthwhile, itkReadsSafely } from './itk-decoder.js';

/** How a file is read in Node. */
export interface ReadVolumeOptions extends ReadOptions {
  /** Who decodes the voxels after the header was judged: `auto` (default) takes whichever is faster and safe. */
  readonly decoder?: 'auto' | 'own' | 'itk-wasm';
}

/**
 * Reads a NIfTI file: `.nii`, `.nii.gz`, or the `.hdr` of a `.hdr`/`.img` pair, either version and byte order.
 * The header is judged first; a file with fewer bytes than it promises is refused. Throws a `PreprocessError` that names
 * the file: `file-missing`, `file-unreadable`, `not-nifti`, `nifti-truncated` and the other `nifti-...` codes.
 */
export async function readVolume(path: string, options: ReadVolumeOptions = {}): Promise<Volume> {
  const bytes = await readBytes(path);
  if (path.endsWith('.hdr')) return readPair(path, bytes, options);
  if (!isGzip(bytes)) return parseNifti(bytes, path, options);
  const start = attempt(() => gunzipStart(bytes), path);
  const declared = judgeCompressed(start, bytes.length, path, options);
  const file = { path, compressed: bytes, start, declared };
  return useItk(file, options) ? decodeWithItk(file) : decodeOurselves(file, options);
}

function useItk(file: CompressedFile, { decoder = 'auto' }: ReadVolumeOptions): boolean {
  if (decoder === 'auto') return itkIsWorthwhile(file.declared) && itkReadsSafely(file);
  if (decoder === 'itk-wasm' && !itkReadsSafely(file)) {
    throw new PreprocessError(
      'decoder-unsuitable',
      `${file.path}: itk-wasm does not read this file reliably`,
      {
        kind: 'usage',
        hint: "leave the decoder at 'auto', or choose 'own'",
      },
    );
  }
  return decoder === 'itk-wasm';
}

async function decodeOurselves(
  { path, compressed, declared }: CompressedFile,
  options: ReadOptions,
): Promise<Volume> {
  const expected = declaredBytes(declared);
  const exact = await gunzipExactly(compressed, expected).catch((error: unknown) => {
    throw damagedStream(error, path);
  });
  const inflated =
    exact ?? (await collectPieces(gunzipPieces(compressed), compressed.length, path, options)).bytes;
  checkLength(inflated.length, declared, path, options);
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

function attempt<T>(inflate: () => T, path: string): T {
  try {
    return inflate();
  } catch (error) {
    throw damagedStream(error, path);
  }
}
