import { PreprocessError } from '../errors.js';
import { type Shape3, sameShape } from '../volume.js';
import { type Affine, norm, spacing, type Vector3, voxelToWorld } from './affine.js';
import { perAxis } from './per-axis.js';

/** A grid of voxels in the patient. */
export interface Grid {
  readonly shape: Shape3;
  readonly affine: Affine;
}

/** The largest distance in mm between where two affines put the corners of the first volume's grid. */
export function gridDistance(a: Grid, b: Grid): number {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    perAxis((axis) => ((bits >> axis) & 1) * (a.shape[axis] - 1)),
  );
  const distances = corners.map((corner) =>
    norm(difference(voxelToWorld(a.affine, corner), voxelToWorld(b.affine, corner))),
  );
  return Math.max(...distances);
}

/** Half the smallest spacing: beyond it, a voxel of one grid lies in another voxel of the other. */
export function halfVoxel(grid: Grid): number {
  return Math.min(...spacing(grid.affine)) / 2;
}

function difference(a: Vector3, b: Vector3): Vector3 {
  return perAxis((axis) => a[axis] - b[axis]);
}

/** Throws `grid-mismatch` unless `found` is `expected`: the same sides, and no corner off by half a voxel. */
export function checkGrid(found: Grid, expected: Grid): void {
  const same = sameShape(found.shape, expected.shape);
  if (same && gridDistance(found, expected) < halfVoxel(expected)) return;
  const fault = same
    ? `lies ${gridDistance(found, expected).toPrecision(3)} mm away from it`
    : `has [${found.shape.join(', ')}] voxels, expected [${expected.shape.join(', ')}]`;
  throw new PreprocessError('grid-mismatch', `the volume is not on the grid of its scan: it ${fault}`, {
    kind: 'usage',
    hint: 'use the image, label and trace of one case together',
  });
}
