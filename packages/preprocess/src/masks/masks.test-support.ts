import type { Shape3, Volume } from '../volume.js';

/**
 * Numbers in `[0, 1)` that look random and are the same in NumPy: `h = arange(1, n + 1, dtype='uint64') *
 * 2654435761 % 2**32; h ^= h >> 15; h = h * 2246822519 % 2**32; h ^= h >> 13; h / 2**32`.
 */
export function hashed(count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    let h = Math.imul(i + 1, 2654435761);
    h ^= h >>> 15;
    h = Math.imul(h, 2246822519);
    h ^= h >>> 13;
    return (h >>> 0) / 2 ** 32;
  });
}

/** A mask of 0 and 1 in which about `density` of the voxels are 1. */
export function hashedMask(shape: Shape3, density: number): Volume<Uint8Array> {
  const count = shape[0] * shape[1] * shape[2];
  return maskOf(
    shape,
    hashed(count).map((value) => (value < density ? 1 : 0)),
  );
}

/** A mask of given values with one channel and voxels of 2 x 1 x 5 mm. */
export function maskOf(shape: Shape3, values: readonly number[]): Volume<Uint8Array> {
  const affine = [2, 0, 0, 7, 0, 1, 0, 8, 0, 0, 5, 9, 0, 0, 0, 1] as const;
  return { data: Uint8Array.from(values), shape, channels: 1, affine: [...affine] };
}

/** Indices of the voxels that two masks do not share. */
export function differing(a: Volume, b: Volume): number[] {
  return Array.from(a.data.keys()).filter((i) => a.data[i] !== b.data[i]);
}

/** Two masks of one grid as the two channels of one volume. */
export function twoChannels(first: Volume, second: Volume): Volume<Uint8Array> {
  const data = new Uint8Array(2 * first.data.length);
  for (let i = 0; i < first.data.length; i += 1) {
    data[2 * i] = first.data[i] as number;
    data[2 * i + 1] = second.data[i] as number;
  }
  return { ...first, data, channels: 2 };
}

/** One channel of a volume with two. */
export function channelOf(volume: Volume, channel: 0 | 1): number[] {
  return [...volume.data].filter((_, i) => i % 2 === channel);
}
