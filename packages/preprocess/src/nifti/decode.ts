import type { Volume } from '../volume.js';
import { collectPieces } from './collect.js';
import { isGzip } from './gzip.js';
import type { Declared } from './judge.js';
import { checkTrailer, judgeCompressed } from './judge-compressed.js';
import type { ReadOptions } from './limits.js';
import { assemble, parseNifti } from './parse.js';

/**
 * Reads a NIfTI file held in memory, gzip-compressed or not; it runs in any browser, worker or Node. Inflating stops
 * at the size that the judged header declares. Errors are those of `parseNifti`, and `nifti-gzip` for a damaged stream.
 */
export async function decodeNifti(
  bytes: Uint8Array,
  name = 'NIfTI data',
  options: ReadOptions = {},
): Promise<Volume> {
  if (!isGzip(bytes)) return parseNifti(bytes, name, options);
  const judge = (start: Uint8Array): Declared => {
    const declared = judgeCompressed(start, bytes.length, name, options);
    checkTrailer(bytes, declared, name);
    return declared;
  };
  const { bytes: inflated, declared } = await collectPieces(inflate(bytes), judge, name, options);
  return assemble(inflated.subarray(declared.dataOffset), declared, name);
}

async function* inflate(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const reader = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined); // a stream that failed already says so above
  }
}
