import type { Words } from './words.js';

/** A plane in an array: element `(r, c)` is at `offset + r * row + c * column`. */
export interface Plane {
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** The plane that starts `columns` further on. */
export function moved(plane: Plane, columns: number): Plane {
  return { ...plane, offset: plane.offset + columns * plane.column };
}

// Below this many elements a plain loop beats the call of a built-in.
const SHORT_ROW = 24;

/** Copies a plane, at once or row by row; where both sides are contiguous, even if one runs backwards, by built-ins. */
export function copyRows(
  source: Words,
  from: Plane,
  target: Words,
  to: Plane,
  rows: number,
  columns: number,
): void {
  const adjacent = to.column === 1 && Math.abs(from.column) === 1;
  if (adjacent && to.row === columns && from.row === columns * from.column) {
    copyRun(source, from.offset, from.column === -1, target, to.offset, rows * columns);
    return;
  }
  const builtIn = adjacent && columns >= SHORT_ROW;
  for (let row = 0; row < rows; row += 1) {
    const read = from.offset + row * from.row;
    const write = to.offset + row * to.row;
    if (builtIn) copyRun(source, read, from.column === -1, target, write, columns);
    else copySteps(source, read, from.column, target, write, to.column, columns);
  }
}

function copyRun(
  source: Words,
  read: number,
  backwards: boolean,
  target: Words,
  write: number,
  count: number,
): void {
  const first = backwards ? read - count + 1 : read;
  target.set(source.subarray(first, first + count), write);
  if (backwards) target.subarray(write, write + count).reverse();
}

function copySteps(
  source: Words,
  read: number,
  readStep: number,
  target: Words,
  write: number,
  writeStep: number,
  count: number,
): void {
  for (let i = 0, r = read, w = write; i < count; i += 1, r += readStep, w += writeStep) {
    target[w] = source[r] as number;
  }
}
