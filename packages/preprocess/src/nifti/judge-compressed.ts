import { largestInflated } from './gzip.js';
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
