import {
  type Affine,
  type Columns,
  determinant,
  fromColumns,
  scaled,
  type Vector3,
} from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';
import type { Shape3 } from '../volume.js';
import type { NiftiHeader } from './header.js';
import { refusal } from './refusal.js';

// A stored quaternion may exceed length one by rounding; nibabel accepts as much.
const QUATERNION_SLACK = { 1: 3 * 2 ** -23, 2: 3 * 2 ** -52 } as const;

/**
 * Voxel to RAS mm, chosen as nibabel does: the sform when its code is above 0, else the qform when its code is,
 * else spacing alone with the centre of the grid at 0 and x pointing left.
 */
export function headerAffine(header: NiftiHeader, shape: Shape3, name: string): Affine {
  const affine = chooseAffine(header, shape, name);
  const volume = Math.abs(determinant(affine));
  if (!affine.every(Number.isFinite) || !(volume > 0 && volume < Number.POSITIVE_INFINITY)) {
    throw refusal(
      'nifti-bad-affine',
      name,
      'its affine is not invertible or not finite',
      'repair the sform or qform of the header, e.g. by exporting the scan again',
    );
  }
  return affine;
}

function chooseAffine(header: NiftiHeader, shape: Shape3, name: string): Affine {
  if (header.sformCode > 0) return [...header.srow, 0, 0, 0, 1] as unknown as Affine;
  if (header.qformCode > 0) return qformAffine(header, name);
  return spacingAffine(header, shape);
}

/** The fields that make up a qform. */
export type Qform = Pick<NiftiHeader, 'version' | 'pixdim' | 'quaternion' | 'qoffset'>;

/** Method 2 of nifti1.h: rotation by a unit quaternion, spacing, qfac and offset. */
export function qformAffine(header: Qform, name: string): Affine {
  const [x, y, z] = rotationColumns(quaternionOf(header, name));
  const [, dx, dy, dz] = header.pixdim as [number, number, number, number];
  const flip = header.pixdim[0] === -1 ? -1 : 1;
  return fromColumns(
    [scaled(x, dx), scaled(y, dy), scaled(z, dz * flip)],
    header.qoffset as unknown as Vector3,
  );
}

type Quaternion = readonly [number, number, number, number];

function quaternionOf(header: Qform, name: string): Quaternion {
  const [b, c, d] = header.quaternion as [number, number, number];
  const square = 1 - (b * b + c * c + d * d);
  if (!(square >= -QUATERNION_SLACK[header.version])) {
    throw refusal(
      'nifti-bad-affine',
      name,
      `its quaternion (${b}, ${c}, ${d}) is longer than 1`,
      'repair the qform of the header, e.g. by exporting the scan again',
    );
  }
  return [Math.sqrt(Math.max(0, square)), b, c, d];
}

/** In the order of operations of nibabel's quat2mat, so that affines agree to the last bit. */
function rotationColumns([w, x, y, z]: Quaternion): Columns {
  const s = 2 / (w * w + x * x + y * y + z * z);
  const [X, Y, Z] = [x * s, y * s, z * s];
  return [
    [1 - (y * Y + z * Z), x * Y + w * Z, x * Z - w * Y],
    [x * Y - w * Z, 1 - (x * X + z * Z), y * Z + w * X],
    [x * Z + w * Y, y * Z - w * X, 1 - (x * X + y * Y)],
  ];
}

function spacingAffine(header: NiftiHeader, shape: Shape3): Affine {
  const [, dx, dy, dz] = header.pixdim as [number, number, number, number];
  const steps: Vector3 = [-dx, dy, dz];
  const origin = perAxis((axis) => (-steps[axis] * (shape[axis] - 1)) / 2);
  return fromColumns([[steps[0], 0, 0], [0, steps[1], 0], [0, 0, steps[2]]], origin); // biome-ignore format: a matrix
}
