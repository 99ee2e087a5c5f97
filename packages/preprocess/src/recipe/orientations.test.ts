import { describe, expect, it } from 'vitest';
import { type Affine, fromColumns, scaled, spacing, type Vector3 } from '../geometry/affine.js';
import { ORIENTATION_CODES, orientationCode } from '../geometry/orientation.js';
import { counted } from '../nifti/bytes.test-support.js';
import { encodeNifti } from '../nifti/encode.js';
import { parseNifti } from '../nifti/parse.js';
import type { Volume } from '../volume.js';
import { applyRecipe } from './apply-recipe.js';
import { invertMask } from './invert-recipe.js';
import { parseRecipe } from './recipe.js';

const TURN = 0.31;
const [C, S] = [Math.cos(TURN), Math.sin(TURN)];
const STRAIGHT: readonly Vector3[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // biome-ignore format: a matrix
const TURNED: readonly Vector3[] = [[C, S, 0], [-S, C, 0], [0, 0, 1]]; // biome-ignore format: a matrix

/** Directions of the world axes, and the voxel sides along them in mm. */
const GRIDS: readonly (readonly [string, readonly Vector3[], Vector3])[] = [
  ['isotropic', STRAIGHT, [1, 1, 1]],
  ['anisotropic', STRAIGHT, [0.7, 0.85, 2.5]],
  ['oblique', TURNED, [0.9, 1.3, 3.1]],
];

describe.each(GRIDS)('a scan on an %s grid, in each of the 48 orientations', (_, directions, sides) => {
  it.each(ORIENTATION_CODES)('%s: to every other orientation and back is bit-exact', (code) => {
    const scan = asStored({
      ...counted([3, 4, 5], 1, Uint8Array),
      affine: affineOf(code, directions, sides),
    });
    expect(orientationCode(scan.affine)).toBe(code);
    for (const target of ORIENTATION_CODES) {
      const { volume, trace } = applyRecipe(scan, parseRecipe({ orientation: target }));
      expect(orientationCode(volume.affine)).toBe(target);
      const back = invertMask(volume, trace);
      expect(sameBits(back, scan), `${code} to ${target}`).toBe(true);
      expect(back.geometry).toEqual(scan.geometry);
    }
  });

  it.each(ORIENTATION_CODES)('%s: a mask of another spacing comes back on the very grid', (code) => {
    const scan = asStored({
      ...counted([3, 4, 5], 1, Uint8Array),
      affine: affineOf(code, directions, sides),
    });
    const { volume, trace } = applyRecipe(scan, parseRecipe({ spacing: [1.1, 0.8, 1.7] }));
    const mask = { ...volume, data: Uint8Array.from(volume.data, () => 1) };
    const written = encodeNifti(invertMask(mask, trace));
    expect(written).toEqual(encodeNifti({ ...scan, data: new Uint8Array(60).fill(1) }));
  });
});

/** The affine of array axes that run as `code` says along `directions`. */
function affineOf(code: string, directions: readonly Vector3[], sides: Vector3): Affine {
  const columns = [...code].map((letter) => {
    const axis = ['RL', 'AP', 'SI'].findIndex((pair) => pair.includes(letter));
    const sign = 'RAS'.includes(letter) ? 1 : -1;
    return scaled(directions[axis] as Vector3, sign * (sides[axis] as number));
  });
  const affine = fromColumns(columns as unknown as [Vector3, Vector3, Vector3], [-31.7, 12.3, 88.1]);
  expect(spacing(affine).every((step) => step > 0)).toBe(true);
  return affine;
}

/** The volume as a file gives it: with the affine in 32 bits and the geometry fields of the header. */
function asStored(volume: Volume): Volume {
  return parseNifti(encodeNifti(volume));
}

function sameBits(a: Volume, b: Volume): boolean {
  const voxels = Buffer.compare(Buffer.from(a.data.buffer), Buffer.from(b.data.buffer)) === 0;
  return (
    voxels && a.affine.every((value, i) => Object.is(value, b.affine[i])) && `${a.shape}` === `${b.shape}`
  );
}
