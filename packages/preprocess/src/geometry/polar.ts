import { type Columns, cross, dot, scaled, unit, type Vector3 } from './affine.js';

const MAX_STEPS = 60;
const TOLERANCE = 1e-15;

/**
 * The nearest orthogonal matrix to the directions of `columns`, which must be independent: the factor U of the
 * polar decomposition A = U H, by Newton's iteration (Higham 1986, SIAM J. Sci. Stat. Comput. 7:1160).
 */
export function nearestRotation(columns: Columns): Columns {
  let current: Columns = [unit(columns[0]), unit(columns[1]), unit(columns[2])];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = halfway(current, inverseTransposed(current));
    const change = maxDifference(current, next);
    current = next;
    if (change < TOLERANCE) break;
  }
  return current;
}

function inverseTransposed([a, b, c]: Columns): Columns {
  const determinant = dot(a, cross(b, c));
  return [
    scaled(cross(b, c), 1 / determinant),
    scaled(cross(c, a), 1 / determinant),
    scaled(cross(a, b), 1 / determinant),
  ];
}

function halfway(a: Columns, b: Columns): Columns {
  return [mean(a[0], b[0]), mean(a[1], b[1]), mean(a[2], b[2])];
}

function mean(a: Vector3, b: Vector3): Vector3 {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

function maxDifference(a: Columns, b: Columns): number {
  return Math.max(...a.flatMap((column, i) => column.map((value, j) => Math.abs(value - (b[i]?.[j] ?? 0)))));
}
