import {
  type Affine,
  type Columns,
  columnsOf,
  cross,
  dot,
  originOf,
  scaled,
  spacing,
} from '../geometry/affine.js';
import { type Grid, gridDistance } from '../geometry/grid.js';
import { nearestRotation } from '../geometry/polar.js';
import { type Qform, qformAffine } from './header-affine.js';
import type { StoredGeometry } from './stored-geometry.js';

const SCANNER = 1;
const UNKNOWN = 0;
const MILLIMETRES = 2;
// A qform holds no shear, and in 32 bits it loses half its digits near turns of 180 degrees.
const QFORM_TOLERANCE_MM = 1e-3;

/**
 * Header geometry for a grid that did not come from a file: the sform always, and the qform too when it puts every
 * voxel in the same place, so that readers that prefer either see the same grid.
 */
export function geometryFromGrid(grid: Grid, version: 1 | 2): StoredGeometry {
  const { affine } = grid;
  const rotation = nearestRotation(columnsOf(affine));
  const qfac = dot(rotation[0], cross(rotation[1], rotation[2])) < 0 ? -1 : 1;
  const qform = {
    version,
    pixdim: [qfac, ...spacing(affine)],
    quaternion: quaternionOf([rotation[0], rotation[1], scaled(rotation[2], qfac)]),
    qoffset: originOf(affine),
  };
  const faithful = gridDistance(grid, { ...grid, affine: asRead(qform) }) <= QFORM_TOLERANCE_MM;
  const qformCode = faithful ? SCANNER : UNKNOWN;
  return { ...qform, unitsCode: MILLIMETRES, qformCode, sformCode: SCANNER, srow: affine.slice(0, 12) };
}

/** The affine that a reader computes from a qform, once it is rounded to the precision of the file. */
function asRead(qform: Qform): Affine {
  const round = (values: readonly number[]): number[] =>
    qform.version === 1 ? values.map(Math.fround) : [...values];
  const { version, pixdim, quaternion, qoffset } = qform;
  return qformAffine(
    { version, pixdim: round(pixdim), quaternion: round(quaternion), qoffset: round(qoffset) },
    'qform',
  );
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
