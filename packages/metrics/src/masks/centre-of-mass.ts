import {
  createGrid,
  distanceMm,
  type Grid,
  type GridOptions,
  type Mask,
  requireVoxels,
  type Vector,
} from '../grid.js';
import { wordsOf } from '../label-words.js';

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
  return a === null || b === null ? null : distanceMm(a, b, grid);
}

/** Centre of mass in voxels, `[D, H, W]`; null for an empty mask. */
function centreOfMass(mask: Mask, grid: Grid): Vector | null {
  const words = wordsOf(mask);
  const sums = [0, 0, 0] as [number, number, number];
  let count = 0;
  for (let d = 0, voxel = 0; d < grid.depth; d++) {
    for (let h = 0; h < grid.height; h++) {
      for (let w = 0; w < grid.width; w++, voxel++) {
        if (words[voxel] === 0) continue;
        count++;
        sums[0] += d;
        sums[1] += h;
        sums[2] += w;
      }
    }
  }
  return count === 0 ? null : [sums[0] / count, sums[1] / count, sums[2] / count];
}
