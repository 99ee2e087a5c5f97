import { spacing, type Vector3, type Volume, voxelToWorld } from '@bipvl/preprocess';
import { EvaluatorError } from '../errors.js';

/** A volume and what errors call it, such as its path. */
export interface NamedVolume {
  readonly name: string;
  readonly volume: Volume;
}

// Programs round affines to 32-bit floats in different places; a tenth of a voxel is more than that and less than an error that counts.
const toleratedVoxels = 0.1;

/**
 * Requires two volumes to lie on one grid: the same sides, and no corner further apart than a tenth of the smallest spacing.
 * @throws EvaluatorError `grid-mismatch` naming both.
 */
export function requireSameGrid(a: NamedVolume, b: NamedVolume): void {
  const [sidesA, sidesB] = [a.volume.shape.join(', '), b.volume.shape.join(', ')];
  if (sidesA !== sidesB) throw mismatch(`${b.name} has [${sidesB}] voxels, ${a.name} has [${sidesA}]`);
  const distance = largestDistance(a.volume, b.volume);
  if (distance <= toleratedVoxels * Math.min(...spacing(a.volume.affine))) return;
  throw mismatch(`${b.name} lies up to ${distance.toPrecision(3)} mm from ${a.name}: their affines differ`);
}

/** In mm, over the corners of the grid. */
function largestDistance(a: Volume, b: Volume): number {
  const distances = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => {
    const corner = a.shape.map((side, axis) => ((bits >> axis) & 1) * (side - 1)) as unknown as Vector3;
    const [p, q] = [voxelToWorld(a.affine, corner), voxelToWorld(b.affine, corner)];
    return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  });
  return Math.max(...distances);
}

function mismatch(message: string): EvaluatorError {
  return new EvaluatorError('grid-mismatch', message, {
    kind: 'data',
    hint: 'compare masks on the grid of one scan; resample labels with nearest neighbour only',
  });
}
