import {
  inflatedSizeOf,
  largestInflated,
  MEMBER_HEADER_BYTES,
  mayHoldMember,
  TRAILER_BYTES,
} from './gzip.js';
import { parseHeader } from './header.js';
import { type Declared, judgeHeader } from './judge.js';
import { type ReadOptions, resolveLimits } from './limits.js';
import { refusePair, truncated } from './parse.js';

/**
 * Judges a gzip-compressed file of `compressedBytes` by the start of what it inflates to, before the rest is inflated.
 * A header that promises more than any gzip file of that size can hold is refused here.
 */
export function judgeCompressed(
  start: Uint8Array,
  compressedBytes: number,
  name: string,
  options: ReadOptions,
): Declared {
  const declared = judgeHeader(parseHeader(start, name), name, resolveLimits(options));
  refusePair(declared.header, name);
  const possible = largestInflated(compressedBytes);
  if (possible < declaredBytes(declared)) throw truncated(possible, declaredBytes(declared), name);
  return declared;
}

/** Bytes of a whole single file: header, extensions and voxels. */
export function declaredBytes({ dataOffset, dataBytes }: Declared): number {
  return dataOffset + dataBytes;
}

/**
 * The size that the trailer of a gzip file names, where that is less than `declared` promises; undefined where it is
 * not, or where it says nothing (sizes from 4 GiB, padding). Of a file of one member it proves that voxels are missing.
 */
export function missingByTrailer(trailer: Uint8Array, declared: Declared): number | undefined {
  const expected = declaredBytes(declared);
  const size = inflatedSizeOf(trailer);
  return expected < 2 ** 32 && size !== undefined && size < expected ? size : undefined;
}

/** Throws `nifti-truncated` when the trailer of a gzip file in memory proves that it holds less than is promised. */
export function checkTrailer(compressed: Uint8Array, declared: Declared, name: string): void {
  const size = missingByTrailer(compressed.subarray(-TRAILER_BYTES), declared);
  if (size !== undefined && !mayHoldMember(compressed, MEMBER_HEADER_BYTES)) {
    throw truncated(size, declaredBytes(declared), name);
  }
}
