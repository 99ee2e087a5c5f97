import type { VoxelArray } from '../volume.js';

/** A file with more values than this is no label map; they are not counted on. */
export const MAX_VALUES = 4096;

/** Each finite value with its number of voxels, ascending; null when there are more than `MAX_VALUES` of them. */
export function countValues(data: VoxelArray): [value: number, count: number][] | null {
  const counts = new Map<number, number>();
  let start = 0;
  // Labels come in long runs of one value, so that the map is touched once a run.
  while (start < data.length) {
    const value = data[start] as number;
    let end = start + 1;
    while (end < data.length && data[end] === value) end += 1;
    if (Number.isFinite(value)) counts.set(value, (counts.get(value) ?? 0) + end - start);
    if (counts.size > MAX_VALUES) return null;
    start = end;
  }
  return [...counts].sort(([a], [b]) => a - b);
}
