import {
  type Affine,
  type Columns,
  columnsOf,
  cross,
  dot,
  isSheared,
  originOf,
  scaled,
  spacing,
} from '../geometry/affine.js';
import { nearestRotation } from '../geometry/polar.js';
import type { StoredGeometry } from './stored-geometry.js';

const SCANNER = 1;
const UNKNOWN = 0;
const MILLIMETRES = 2;
// The qform holds no shear: beyond rounding, only the sform is written.
const SHEAR_TOLERANCE = 1e-5;

/**
 * Header geometry for an affine that did not come from a file: the sform always, the qform too unless the affine is
 * sheared, so that readers that prefer either see the same grid.
 */
export function geometryFromAffine(affine: Affine, version: 1 | 2): StoredGeometry {
  const rotation = nearestRotation(columnsOf(affine));
  const qfac = dot(rotation[0], cross(rotation[1], rotation[2])) < 0 ? -1 : 1;
  const proper: Columns = [rotation[0], rotation[1], scaled(rotation[2], qfac)];
  return {
    version,
    pixdim: [qfac, ...spacing(affine)],
    unitsCode: MILLIMETRES,
    qformCode: isSheared(affine, SHEAR_TOLERANCE) ? UNKNOWN : SCANNER,
    sformCode: SCANNER,
    quaternion: quaternionOf(proper),
    qoffset: originOf(affine),
    srow: affine.slice(0, 12),
  };
}

/**
 * The vector part `(b, c, d)` of the unit quaternion of a proper rotation, real part >= 0 as NIfTI wants it
 * (Shepperd 1978, J. Guidance and Control 1:223: divide by the largest component).
 */
function quaternionOf([x, y, z]: Columns): number[] {
  const products = [
    [1 + x[0] + y[1] + z[2], y[2] - z[1], z[0] - x[2], x[1] - y[0]],
    [y[2] - z[1], 1 + x[0] - y[1] - z[2], x[1] + y[0], z[0] + x[2]],
    [z[0] - x[2], x[1] + y[0], 1 - x[0] + y[1] - z[2], y[2] + z[1]],
    [x[1] - y[0], z[0] + x[2], y[2] + z[1], 1 - x[0] - y[1] + z[2]],
  ] as const;
  const largest = products.reduce((best, row) => (length(row) > length(best) ? row : best));
  const sign = largest[0] < 0 ? -1 : 1;
  return largest.slice(1).map((value) => (sign * value) / length(largest));
}

function length(values: readonly number[]): number {
  return Math.hypot(...values);
}
