import { createGrid, type Grid, type GridOptions, type Mask, requireVoxels } from '../grid.js';

/**
 * Distance in mm between the centres of mass of two masks `[D, H, W]` or `[H, W]`; null when either is empty. Throws
 * `MetricsError` `bad-shape`, `bad-spacing` or `bad-length`.
 */
export function centreOfMassDistance(prediction: Mask, reference: Mask, options: GridOptions): number | null {
  const grid = createGrid(options);
  requireVoxels(prediction, 'prediction', grid);
  requireVoxels(reference, 'reference', grid);
  const a = centreOfMass(prediction, grid);
  const b = centreOfMass(reference, grid);
  if (a === null || b === null) return null;
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Centre of mass in mm from the centre of the first voxel; null for an empty mask. */
function centreOfMass(mask: Mask, grid: Grid): readonly [number, number, number] | null {
  const sums = [0, 0, 0] as [number, number, number];
  let count = 0;
  for (let d = 0, voxel = 0; d < grid.depth; d++) {
    for (let h = 0; h < grid.height; h++) {
      for (let w = 0; w < grid.width; w++, voxel++) {
        if (mask[voxel] === 0) continue;
        count++;
        sums[0] += d;
        sums[1] += h;
        sums[2] += w;
      }
    }
  }
  if (count === 0) return null;
  const [depth, height, width] = grid.spacing;
  return [(sums[0] / count) * depth, (sums[1] / count) * height, (sums[2] / count) * width];
}
