import { bytesOf, type Storage } from '../nifti/datatypes.js';
import { largestInflated } from '../nifti/gzip.js';
import type { NiftiLimits, ReadOptions } from '../nifti/limits.js';
import type { DeclaredImage } from './declared-image.js';
import type { Refuse } from './refuse.js';

/** Bytes of voxels that `sizes` promise. Throws `<format>-too-large` beyond `limits.maxVoxels`. */
export function judgeSizes(
  sizes: readonly number[],
  storage: Storage,
  limits: NiftiLimits,
  refuse: Refuse,
): number {
  const count = sizes.reduce((product, size) => product * BigInt(size), 1n);
  if (count > BigInt(limits.maxVoxels)) {
    const fault = `sizes [${sizes.join(', ')}] claim ${count} voxels, the limit maxVoxels is ${limits.maxVoxels}`;
    throw refuse('too-large', fault, 'crop or split the scan, or raise limits.maxVoxels if it is real');
  }
  return Number(count) * bytesOf(storage);
}

/**
 * Compares the bytes behind the header with what it promises, before any is unpacked: raw voxels must all be there,
 * and packed ones must be able to hold as much (deflate shrinks by at most 1032:1). Throws `<format>-truncated`.
 */
export function judgePresence(
  present: number,
  { packing, dataBytes }: DeclaredImage,
  name: string,
  options: ReadOptions,
  refuse: Refuse,
): void {
  const possible = packing === 'raw' ? present : largestInflated(present + FRAME[packing]);
  if (possible < dataBytes) throw truncated(possible, dataBytes, refuse);
  if (packing === 'raw' && present > dataBytes) warnSurplus(name, options);
}

// `largestInflated` takes off 18 bytes for the frame of gzip; that of zlib has 6.
const FRAME = { gzip: 0, zlib: 12 } as const;

/** The error for a file with fewer voxels than promised. */
export function truncated(present: number, expected: number, refuse: Refuse): Error {
  const fault = `is truncated: its header promises ${expected} bytes of voxels, at most ${present} are there`;
  return refuse('truncated', fault, 'copy or download the file again');
}

/** Says that something follows the last voxel. */
export function warnSurplus(name: string, options: ReadOptions): void {
  options.onWarning?.(`${name}: bytes after the last voxel are ignored`);
}
