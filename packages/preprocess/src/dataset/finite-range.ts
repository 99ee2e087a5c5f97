import type { VoxelArray } from '../volume.js';

/** Least and greatest finite value of every `step`-th voxel from `first`; null where there is none. */
export function finiteRange(data: VoxelArray, first: number, step: number): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = first; i < data.length; i += step) {
    const value = data[i] as number;
    if (value - value !== 0) continue; // NaN and infinity alone give NaN
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
