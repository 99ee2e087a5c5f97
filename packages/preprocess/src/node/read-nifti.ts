import { PreprocessError } from '../errors.js';
import { collectPieces, damagedStream } from '../nifti/collect.js';
import { isGzip, MEMBER_HEADER_BYTES, mayHoldMember, TRAILER_BYTES } from '../nifti/gzip.js';
import { parseHeader } from '../nifti/header.js';
import { type Declared, judgeHeader } from '../nifti/judge.js';
import { declaredBytes, judgeCompressed, missingByTrailer } from '../nifti/judge-compressed.js';
import { type ReadOptions, resolveLimits } from '../nifti/limits.js';
import { assemble, checkLength, refusePair, truncated } from '../nifti/parse.js';
import type { Volume } from '../volume.js';
import { GZIP_START_BYTES, gunzipPieces, gunzipStart } from './gunzip.js';
import { type CompressedFile, decodeWithItk, itkIsWorthwhile, itkReadsSafely } from './itk-decoder.js';
import { type ScanFile, withScanFile } from './scan-file.js';

/** How a NIfTI file is read in Node. */
export interface ReadNiftiOptions extends ReadOptions {
  /** Who decodes the voxels after the header was judged: `auto` (default) takes whichever is faster and safe. */
  readonly decoder?: 'auto' | 'own' | 'itk-wasm';
}

/**
 * Reads `.nii`, `.nii.gz`, or the `.hdr` of a `.hdr`/`.img` pair. The header is judged by the first 192 KiB of the file,
 * then the file's size; only then are voxels read, and no more bytes than the header promises.
 */
export async function readNifti(path: string, options: ReadNiftiOptions): Promise<Volume> {
  return withScanFile(path, async (file) => {
    const start = await file.read(0, GZIP_START_BYTES);
    if (path.endsWith('.hdr')) return readPair(path, start, options);
    return isGzip(start) ? readCompressed(file, start, options) : readPlain(file, start, options);
  });
}

async function readPlain(file: ScanFile, start: Uint8Array, options: ReadOptions): Promise<Volume> {
  const declared = judgeHeader(parseHeader(start, file.path), file.path, resolveLimits(options));
  refusePair(declared.header, file.path);
  return readVoxels(file, declared, options);
}

async function readPair(path: string, header: Uint8Array, options: ReadOptions): Promise<Volume> {
  const declared = judgeHeader(parseHeader(header, path), path, resolveLimits(options));
  const imagePath = `${path.slice(0, -'.hdr'.length)}.img`;
  return withScanFile(imagePath, (image) => readVoxels(image, declared, options));
}

/** The voxels that `declared` promises, of a file that holds them uncompressed. */
async function readVoxels(file: ScanFile, declared: Declared, options: ReadOptions): Promise<Volume> {
  checkLength(file.size, declared, file.path, options);
  const voxels = await file.read(declared.dataOffset, declared.dataBytes);
  if (voxels.length < declared.dataBytes) throw truncated(voxels.length, declared.dataBytes, file.path);
  return assemble(voxels, declared, file.path);
}

async function readCompressed(
  file: ScanFile,
  compressedStart: Uint8Array,
  options: ReadNiftiOptions,
): Promise<Volume> {
  const { path, size } = file;
  const start = await gunzipStart(compressedStart).catch((error: unknown) => {
    throw damagedStream(error, path);
  });
  const declared = judgeCompressed(start, size, path, options);
  const trailer = await file.read(size - TRAILER_BYTES, TRAILER_BYTES);
  await refuseMissing(file, trailer, declared);
  const judged = { path, start, trailer, declared };
  if (useItk(judged, options)) return decodeWithItk(judged);
  const { bytes } = await collectPieces(gunzipPieces(file.pieces(), path), () => declared, path, options);
  return assemble(bytes.subarray(declared.dataOffset), declared, path);
}

/** Throws `nifti-truncated` for a file whose trailer proves that voxels are missing, before it is inflated. */
async function refuseMissing(file: ScanFile, trailer: Uint8Array, declared: Declared): Promise<void> {
  const size = missingByTrailer(trailer, declared);
  if (size !== undefined && (await isOneMember(file))) {
    throw truncated(size, declaredBytes(declared), file.path);
  }
}

async function isOneMember(file: ScanFile): Promise<boolean> {
  const step = 2 ** 20;
  for (let at = MEMBER_HEADER_BYTES; at < file.size; at += step) {
    if (mayHoldMember(await file.read(at, step + MEMBER_HEADER_BYTES), 0)) return false;
  }
  return true;
}

function useItk(file: CompressedFile, { decoder = 'auto' }: ReadNiftiOptions): boolean {
  if (decoder === 'auto') return itkIsWorthwhile(file.declared) && itkReadsSafely(file);
  if (decoder === 'itk-wasm' && !itkReadsSafely(file)) {
    throw new PreprocessError(
      'decoder-unsuitable',
      `${file.path}: itk-wasm does not read this file reliably`,
      { kind: 'usage', hint: "leave the decoder at 'auto', or choose 'own'" },
    );
  }
  return decoder === 'itk-wasm';
}
