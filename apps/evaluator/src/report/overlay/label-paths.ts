import type { LabelPath } from './overlay-plane.js';
import type { SampledSlice } from './picture.js';

function round(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}

type Inside = (column: number, row: number) => boolean;

/** Runs `[start, end)` of positions below `length` where a condition holds. */
function runs(length: number, holds: (position: number) => boolean): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  for (let position = 0; position <= length; position++) {
    const here = position < length && holds(position);
    if (here && start < 0) start = position;
    if (!here && start >= 0) {
      found.push([start, position]);
      start = -1;
    }
  }
  return found;
}

function outlinePath(slice: SampledSlice, inside: Inside): string {
  const { columns, rows, cellWidth, cellHeight } = slice;
  const parts: string[] = [];
  for (let row = 0; row <= rows; row++) {
    for (const [from, to] of runs(columns, (column) => inside(column, row - 1) !== inside(column, row))) {
      parts.push(`M${round(from * cellWidth)} ${round(row * cellHeight)}H${round(to * cellWidth)}`);
    }
  }
  for (let column = 0; column <= columns; column++) {
    for (const [from, to] of runs(rows, (row) => inside(column - 1, row) !== inside(column, row))) {
      parts.push(`M${round(column * cellWidth)} ${round(from * cellHeight)}V${round(to * cellHeight)}`);
    }
  }
  return parts.join('');
}

function areaPath(slice: SampledSlice, inside: Inside): string {
  const { columns, rows, cellWidth, cellHeight } = slice;
  const parts: string[] = [];
  for (let row = 0; row < rows; row++) {
    for (const [from, to] of runs(columns, (column) => inside(column, row))) {
      const [left, right] = [round(from * cellWidth), round(to * cellWidth)];
      parts.push(`M${left} ${round(row * cellHeight)}H${right}V${round((row + 1) * cellHeight)}H${left}Z`);
    }
  }
  return parts.join('');
}

function pathsOf(slice: SampledSlice, labels: readonly number[], draw: typeof areaPath): LabelPath[] {
  return labels.flatMap((label) => {
    const inside: Inside = (column, row) =>
      column >= 0 &&
      row >= 0 &&
      column < slice.columns &&
      row < slice.rows &&
      slice.value(column, row) === label;
    const path = draw(slice, inside);
    return path === '' ? [] : [{ label, path }];
  });
}

/** Outline of each label along voxel edges, as SVG path data in pixels; labels that are absent are left out. */
export function labelOutlines(slice: SampledSlice, labels: readonly number[]): LabelPath[] {
  return pathsOf(slice, labels, outlinePath);
}

/** Area of each label, as SVG path data in pixels; labels that are absent are left out. */
export function labelAreas(slice: SampledSlice, labels: readonly number[]): LabelPath[] {
  return pathsOf(slice, labels, areaPath);
}
