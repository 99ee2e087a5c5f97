import type { Box } from '../transforms/box.js';
import type { Shape3, VoxelArray } from '../volume.js';

/** Least and greatest index along D, H and W, both part of it. */
type Bounds = [number, number, number, number, number, number];

/** The smallest box around each non-zero label, the least label first. */
export function labelBoxes(values: VoxelArray, shape: Shape3): ReadonlyMap<number, Box> {
  const bounds = new Map<number, Bounds>();
  let i = 0;
  for (let d = 0; d < shape[0]; d += 1) {
    for (let h = 0; h < shape[1]; h += 1) {
      const row = i;
      const end = row + shape[2];
      while (i < end) {
        const value = values[i] as number;
        const start = i;
        while (i < end && values[i] === value) i += 1;
        if (value !== 0) widen(bounds, value, d, h, start - row, i - 1 - row);
      }
    }
  }
  return new Map([...bounds].sort(([a], [b]) => a - b).map(([value, each]) => [value, boxOf(each)]));
}

function widen(
  bounds: Map<number, Bounds>,
  value: number,
  d: number,
  h: number,
  first: number,
  last: number,
): void {
  const found = bounds.get(value);
  if (found === undefined) {
    bounds.set(value, [d, h, first, d, h, last]);
    return;
  }
  found[1] = Math.min(found[1], h);
  found[2] = Math.min(found[2], first);
  found[3] = d;
  found[4] = Math.max(found[4], h);
  found[5] = Math.max(found[5], last);
}

function boxOf([d, h, w, lastD, lastH, lastW]: Bounds): Box {
  return { start: [d, h, w], size: [lastD - d + 1, lastH - h + 1, lastW - w + 1] };
}
