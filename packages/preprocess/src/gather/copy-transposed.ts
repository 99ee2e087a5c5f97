import { copyRows, moved, type Plane } from './copy-rows.js';
import type { Words } from './words.js';

// Eight source rows at a time: all the cache lines that a strip touches stay in the first-level cache until they are used up.
const STRIP = 8;

/**
 * Copies a plane whose source runs along the rows while the target runs along the columns, strip by strip.
 */
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
    const read = from.offset + column * from.column;
    const write = to.offset + column * to.column;
    copyStrip(source, read, from.row, from.column, target, write, to.row, to.column, rows);
  }
  if (whole < columns) copyRows(source, moved(from, whole), target, moved(to, whole), rows, columns - whole);
}

/** Plain numbers and no inner loop: the hottest code of the package. */
function copyStrip(
  source: Words,
  read: number,
  readRow: number,
  from: number,
  target: Words,
  write: number,
  writeRow: number,
  to: number,
  rows: number,
): void {
  for (let row = 0, r = read, w = write; row < rows; row += 1, r += readRow, w += writeRow) {
    target[w] = source[r] as number;
    target[w + to] = source[r + from] as number;
    target[w + 2 * to] = source[r + 2 * from] as number;
    target[w + 3 * to] = source[r + 3 * from] as number;
    target[w + 4 * to] = source[r + 4 * from] as number;
    target[w + 5 * to] = source[r + 5 * from] as number;
    target[w + 6 * to] = source[r + 6 * from] as number;
    target[w + 7 * to] = source[r + 7 * from] as number;
  }
}
