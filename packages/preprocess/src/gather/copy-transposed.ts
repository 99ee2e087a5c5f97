import { copyRows, moved, type Plane } from './copy-rows.js';
import type { Words } from './words.js';

// Eight source rows at a time: all the cache lines that a strip touches stay in the first-level cache until they are used up.
const STRIP = 8;

/** Copies a plane whose source runs along the rows while the target runs along the columns, strip by strip. */
export function copyTransposed(
  source: Words,
  from: Plane,
  target: Words,
  to: Plane,
  rows: number,
  columns: number,
): void {
  const whole = columns - (columns % STRIP);
  for (let column = 0; column < whole; column += STRIP) {
    copyStrip(source, moved(from, column), target, moved(to, column), rows);
  }
  copyRows(source, moved(from, whole), target, moved(to, whole), rows, columns - whole);
}

/** Unrolled and without an inner loop: the hottest code of the package. */
function copyStrip(source: Words, from: Plane, target: Words, to: Plane, rows: number): void {
  const f = from.column;
  const t = to.column;
  const readRow = from.row;
  const writeRow = to.row;
  let r = from.offset;
  let w = to.offset;
  for (let row = 0; row < rows; row += 1, r += readRow, w += writeRow) {
    target[w] = source[r] as number;
    target[w + t] = source[r + f] as number;
    target[w + 2 * t] = source[r + 2 * f] as number;
    target[w + 3 * t] = source[r + 3 * f] as number;
    target[w + 4 * t] = source[r + 4 * f] as number;
    target[w + 5 * t] = source[r + 5 * f] as number;
    target[w + 6 * t] = source[r + 6 * f] as number;
    target[w + 7 * t] = source[r + 7 * f] as number;
  }
}
