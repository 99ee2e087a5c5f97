import { NetworkError } from '../errors.js';
import type { Dimensions, Sides } from '../kernels/grid.js';

/**
 * One number for every axis, or the numbers of all axes as they are.
 * @throws NetworkError `bad-option` where there are more or fewer numbers than axes, or one that is no whole number of at least `least`.
 */
export function sidesOf(option: string, value: number | Sides, dimensions: Dimensions, least: number): Sides {
  const sides = typeof value === 'number' ? new Array<number>(dimensions).fill(value) : value;
  if (sides.length !== dimensions) throw wrongCount(option, sides, dimensions);
  for (const side of sides) checkWhole(option, side, least);
  return sides as Sides;
}

/** @throws NetworkError `bad-option` unless `value` is a whole number of at least `least`. */
export function checkWhole(option: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  const nearest = Number.isFinite(value) ? Math.max(least, Math.round(value)) : least;
  throw new NetworkError(
    'bad-option',
    `${option} expects whole numbers from ${least} on, received ${value}`,
    {
      hint: `the nearest is ${nearest}`,
    },
  );
}

function wrongCount(option: string, sides: readonly number[], dimensions: Dimensions): NetworkError {
  const nearest = Array.from({ length: dimensions }, (_, axis) => sides[axis] ?? sides.at(-1) ?? 1);
  return new NetworkError(
    'bad-option',
    `${option} expects a number or one for each of ${dimensions} axes, received [${sides}]`,
    {
      hint: `such as [${nearest}]; layers of images are built with dimensions 2, of volumes with 3, the default`,
    },
  );
}
