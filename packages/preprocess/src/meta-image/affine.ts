import { affineInRas, LPS_TO_RAS, parseNumbers } from '../attached/numbers.js';
import { BROKEN_HEADER, CONVERT, type Refuse } from '../attached/refuse.js';
import { type Affine, scaled, type Vector3 } from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';

type Fields = ReadonlyMap<string, string>;

/**
 * Voxel to RAS mm from `TransformMatrix` (one row for each voxel axis), `ElementSpacing` and `Offset`, which are LPS.
 * The third axis of a 2-D image and the fourth of a 4-D one stand apart. Throws `mha-bad-header`, `mha-unsupported`
 * and `mha-bad-affine`.
 */
export function metaAffine(fields: Fields, dimensions: number, refuse: Refuse): Affine {
  const matrix = numbers(
    fields,
    ['TransformMatrix', 'Orientation', 'Rotation'],
    identity(dimensions),
    refuse,
  );
  const steps = numbers(fields, ['ElementSpacing', 'ElementSize'], new Array(dimensions).fill(1), refuse);
  const offset = numbers(fields, ['Offset', 'Position', 'Origin'], new Array(dimensions).fill(0), refuse);
  if (!steps.every((step) => step > 0)) {
    throw refuse(
      'bad-header',
      `ElementSpacing [${steps.join(', ')}] must be positive numbers (mm)`,
      BROKEN_HEADER,
    );
  }
  if (dimensions === 4) refuseMixedTime(matrix, refuse);
  const direction = (axis: number): Vector3 =>
    perAxis((world) => matrix[axis * dimensions + world] as number);
  const column = (axis: number): Vector3 =>
    axis < dimensions ? scaled(flat(direction(axis), dimensions), steps[axis] as number) : [0, 0, 1];
  const [x = 0, y = 0, z = 0] = offset;
  const origin: Vector3 = dimensions === 2 ? [x, y, 0] : [x, y, z];
  return affineInRas([column(0), column(1), column(2)], origin, LPS_TO_RAS, refuse);
}

function flat(direction: Vector3, dimensions: number): Vector3 {
  return dimensions === 2 ? [direction[0], direction[1], 0] : direction;
}

/** The first of several names of one field that is there, as many numbers as `fallback` has. */
function numbers(fields: Fields, names: readonly string[], fallback: number[], refuse: Refuse): number[] {
  const name = names.find((candidate) => fields.has(candidate));
  return name === undefined ? fallback : parseNumbers(fields.get(name) ?? '', fallback.length, name, refuse);
}

function identity(dimensions: number): number[] {
  return Array.from({ length: dimensions ** 2 }, (_, index) => (index % (dimensions + 1) === 0 ? 1 : 0));
}

function refuseMixedTime(matrix: readonly number[], refuse: Refuse): void {
  const mixed = [3, 7, 11, 12, 13, 14].some((index) => matrix[index] !== 0);
  if (mixed) throw refuse('unsupported', 'its fourth axis is mixed with the axes of space', CONVERT);
}
