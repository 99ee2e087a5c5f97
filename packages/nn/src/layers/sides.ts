import { NetworkError } from '../errors.js';
import type { Sides } from '../kernels/grid.js';

/** Whether a layer works on images [N, H, W, C] or volumes [N, D, H, W, C]. */
export type Dimensions = 2 | 3;

/** The dimensions of a layer: those asked for, else as many as a list has numbers, else 3. */
export function dimensionsOf(asked: Dimensions | undefined, sides: number | Sides): Dimensions {
  return asked ?? (typeof sides === 'number' ? 3 : (sides.length as Dimensions));
}

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
    { hint: `such as [${nearest}]; a layer of other dimensions is built with dimensions 2 or 3` },
  );
}
