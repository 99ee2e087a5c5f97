import type { Shape3 } from './plane-layout.js';

function fullest(counts: readonly number[]): number {
  let best = Math.floor((counts.length - 1) / 2);
  counts.forEach((count, index) => {
    if (count > (counts[best] ?? 0)) best = index;
  });
  return best;
}

/** For each axis the slice with most voxels that are foreground in the reference or the prediction; the middle if none is. */
export function chooseSlices(
  reference: ArrayLike<number>,
  predicted: ArrayLike<number>,
  shape: Shape3,
): Shape3 {
  const counts = shape.map((side) => new Array<number>(side).fill(0));
  const [depth, height, width] = shape;
  const add = (axis: number, slice: number): void => {
    const along = counts[axis];
    if (along) along[slice] = (along[slice] ?? 0) + 1;
  };
  for (let d = 0, voxel = 0; d < depth; d++) {
    for (let h = 0; h < height; h++) {
      for (let w = 0; w < width; w++, voxel++) {
        if (!reference[voxel] && !predicted[voxel]) continue;
        add(0, d);
        add(1, h);
        add(2, w);
      }
    }
  }
  return [fullest(counts[0] ?? []), fullest(counts[1] ?? []), fullest(counts[2] ?? [])];
}
