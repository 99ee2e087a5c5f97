import { PreprocessError } from './errors.js';
import type { Affine } from './geometry/affine.js';
import type { StoredGeometry } from './nifti/stored-geometry.js';

/** The arrays a volume may hold its voxels in. */
export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Sides in voxels, `[D, H, W]`: the first, second and third array axis of the file. */
export type Shape3 = readonly [number, number, number];

/**
 * A 3-D image with its place in the patient. `data` is C-order `[D, H, W, C]`, where D is the first NIfTI axis;
 * `affine` takes voxel indices `(d, h, w)` to RAS millimetres. Volumes are never changed in place.
 */
export interface Volume<T extends VoxelArray = VoxelArray> {
  readonly data: T;
  readonly shape: Shape3;
  readonly channels: number;
  readonly affine: Affine;
  /** The geometry fields of the file as stored, so that a mask on the same grid is written with the same bits. */
  readonly geometry?: StoredGeometry;
}

/** Number of voxels of `shape`, channels not counted. */
export function voxelCount(shape: Shape3): number {
  return shape[0] * shape[1] * shape[2];
}

/** True when the two grids have the same sides. */
export function sameShape(a: Shape3, b: Shape3): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

/** Throws `volume-size` when `data` does not hold exactly `D * H * W * C` values. */
export function checkVolume(volume: Volume): void {
  const expected = voxelCount(volume.shape) * volume.channels;
  if (volume.data.length !== expected) {
    throw new PreprocessError(
      'volume-size',
      `volume of shape [${volume.shape.join(', ')}] with ${volume.channels} channel(s) needs ${expected} values, got ${volume.data.length}`,
      { kind: 'usage', hint: 'make the array as long as D * H * W * C, in C order' },
    );
  }
}

/** A new array of the same type as `like`, of `length` zeros. */
export function allocateLike(like: VoxelArray, length: number): VoxelArray {
  return new (like.constructor as new (length: number) => VoxelArray)(length);
}
