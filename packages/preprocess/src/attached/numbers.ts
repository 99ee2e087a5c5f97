import type { Affine, Columns, Vector3 } from '../geometry/affine.js';
import { cross, determinant, dot, fromColumns, norm, unit } from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';
import { BROKEN_HEADER, type Refuse } from './refuse.js';

// Longer words are no numbers; the pattern would take its time to say so.
const LONGEST_WORD = 64;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The finite numbers of a header field, separated by blanks. Throws `<format>-bad-header` unless there are `count`. */
export function parseNumbers(text: string, count: number, field: string, refuse: Refuse): number[] {
  const words = text.trim().split(/\s+/);
  if (words.length === count && words.every((word) => word.length <= LONGEST_WORD && NUMBER.test(word))) {
    const numbers = words.map(Number);
    if (numbers.every(Number.isFinite)) return numbers;
  }
  throw refuse('bad-header', `${field} must be ${count} finite number(s)`, BROKEN_HEADER);
}

/** As `parseNumbers`, for whole numbers from 1 on. */
export function parseSizes(text: string, count: number, field: string, refuse: Refuse): number[] {
  const sizes = parseNumbers(text, count, field, refuse);
  if (sizes.every((size) => Number.isInteger(size) && size >= 1)) return sizes;
  throw refuse(
    'bad-header',
    `${field} is [${sizes.join(', ')}], each must be a whole number >= 1`,
    BROKEN_HEADER,
  );
}

/** The affine in RAS mm from axis steps and origin in a space whose x and y are mirrored by `signs`. */
export function affineInRas(steps: Columns, origin: Vector3, signs: Vector3, refuse: Refuse): Affine {
  const mirrored = (vector: Vector3): Vector3 => perAxis((axis) => plusZero(vector[axis] * signs[axis]));
  const affine = fromColumns([mirrored(steps[0]), mirrored(steps[1]), mirrored(steps[2])], mirrored(origin));
  const volume = Math.abs(determinant(affine));
  if (affine.every(Number.isFinite) && volume > 0 && volume < Number.POSITIVE_INFINITY) return affine;
  throw refuse(
    'bad-affine',
    'its axes do not span a volume',
    'repair the directions and spacings in the header',
  );
}

/** Signs that take LPS (DICOM, ITK, MetaImage) to RAS. */
export const LPS_TO_RAS: Vector3 = [-1, -1, 1];

/** The step of 1 mm at right angles to two axes, for an image of one slice that names no third axis. */
export function sliceNormal(first: Vector3, second: Vector3): Vector3 {
  const normal = cross(first, second);
  return norm(normal) > 0 ? unit(normal) : [0, 0, 0];
}

/** True when two unit vectors are perpendicular unit vectors within `tolerance`. */
export function areOrthonormal(a: Vector3, b: Vector3, tolerance: number): boolean {
  const errors = [norm(a) - 1, norm(b) - 1, dot(a, b)];
  return errors.every((error) => Math.abs(error) <= tolerance);
}

function plusZero(value: number): number {
  return value === 0 ? 0 : value;
}
