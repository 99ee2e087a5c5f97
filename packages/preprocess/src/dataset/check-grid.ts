import { norm, spacing, type Vector3, voxelToWorld } from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';
import type { Volume } from '../volume.js';

/** The largest distance in mm between where two affines put the corners of the first volume's grid. */
export function gridDistance(a: Volume, b: Volume): number {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    perAxis((axis) => ((bits >> axis) & 1) * (a.shape[axis] - 1)),
  );
  const distances = corners.map((corner) =>
    norm(difference(voxelToWorld(a.affine, corner), voxelToWorld(b.affine, corner))),
  );
  return Math.max(...distances);
}

/** Half the smallest spacing: beyond it, a voxel of one grid lies in another voxel of the other. */
export function halfVoxel(volume: Volume): number {
  return Math.min(...spacing(volume.affine)) / 2;
}

function difference(a: Vector3, b: Vector3): Vector3 {
  return perAxis((axis) => a[axis] - b[axis]);
}
