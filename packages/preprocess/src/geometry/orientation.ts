import { PreprocessError } from '../errors.js';
import { type Affine, columnsOf, type Vector3 } from './affine.js';
import { type Axis, perAxis } from './per-axis.js';
import { nearestRotation } from './polar.js';

/** The world axis (0 right, 1 anterior, 2 superior) an array axis runs along, and in which direction. */
export interface AxisDirection {
  readonly axis: Axis;
  readonly sign: 1 | -1;
}

/** One direction for each array axis. */
export type Directions = readonly [AxisDirection, AxisDirection, AxisDirection];

const LETTERS = ['RL', 'AP', 'SI'] as const;

/** All 48 orientation codes, `'RAS'` first. */
export const ORIENTATION_CODES: readonly string[] = allCodes();

/**
 * The world axis each voxel axis is nearest to, each world axis used once. As nibabel does it: the rotation
 * nearest to the affine decides, array axes choosing in order.
 */
export function axisDirections(affine: Affine): Directions {
  const free = new Set<Axis>([0, 1, 2]);
  const rotation = nearestRotation(columnsOf(affine));
  return perAxis((voxelAxis) => {
    const column = rotation[voxelAxis];
    const axis = largest(column, free);
    free.delete(axis);
    return { axis, sign: column[axis] < 0 ? -1 : 1 };
  });
}

/** The orientation code of an affine, e.g. `'RAS'`: the direction in which each array axis increases. */
export function orientationCode(affine: Affine): string {
  return axisDirections(affine).map(letterOf).join('');
}

/** The directions a code such as `'LPS'` stands for. Throws `bad-orientation` for anything but the 48 codes. */
export function parseOrientation(code: string): Directions {
  if (!ORIENTATION_CODES.includes(code)) {
    throw new PreprocessError(
      'bad-orientation',
      `orientation ${JSON.stringify(code)} is not one of the 48 codes`,
      {
        kind: 'usage',
        hint: 'name each axis once, with one of R/L, A/P and S/I each, e.g. RAS or LPI',
      },
    );
  }
  return perAxis((axis) => directionOf(code.charAt(axis)));
}

function largest(column: Vector3, free: ReadonlySet<Axis>): Axis {
  return [...free].reduce((best, axis) => (Math.abs(column[axis]) > Math.abs(column[best]) ? axis : best));
}

function letterOf(direction: AxisDirection): string {
  return LETTERS[direction.axis].charAt(direction.sign === 1 ? 0 : 1);
}

function directionOf(letter: string): AxisDirection {
  const axis = LETTERS.findIndex((pair) => pair.includes(letter)) as Axis;
  return { axis, sign: LETTERS[axis].startsWith(letter) ? 1 : -1 };
}

function allCodes(): string[] {
  const orders: Axis[][] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]; // biome-ignore format: a table
  return orders.flatMap((order) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((flips) =>
      order.map((axis, place) => LETTERS[axis].charAt((flips >> place) & 1)).join(''),
    ),
  );
}
