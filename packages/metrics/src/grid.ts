import { MetricsError } from './errors.js';

/** Label ids of the voxels in C-order, `[D, H, W]` or `[H, W]`. */
export type LabelMap =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array;

/** A binary mask in C-order; every non-zero voxel is inside. */
export type Mask = LabelMap;

/** Shape in voxels, `[D, H, W]` or `[H, W]`, and spacing in mm in the same order of axes. */
export interface GridOptions {
  readonly shape: readonly number[];
  readonly spacing: readonly number[];
}

/** Three numbers, one for each axis, in the order `[D, H, W]`. */
export type Vector = readonly [number, number, number];

/** A voxel grid in three axes; a flat one is a 2-D image of depth 1 that counts as 1 mm thick. */
export interface Grid {
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly spacing: Vector;
  readonly flat: boolean;
}

/** Checks shape (voxels) and spacing (mm). Throws `MetricsError` `bad-shape` or `bad-spacing`. */
export function createGrid({ shape, spacing }: GridOptions): Grid {
  if ((shape.length !== 2 && shape.length !== 3) || !shape.every(isSize)) {
    throw new MetricsError('bad-shape', `shape is [${shape}]: expected 2 or 3 positive whole numbers`, {
      kind: 'usage',
      hint: 'pass shape as [D, H, W] or [H, W] in voxels',
    });
  }
  if (spacing.length !== shape.length || !spacing.every(isLength)) {
    throw new MetricsError(
      'bad-spacing',
      `spacing is [${spacing}]: expected ${shape.length} lengths above 0`,
      {
        kind: 'usage',
        hint: 'pass spacing in mm, one number for each axis of shape',
      },
    );
  }
  const flat = shape.length === 2;
  const [depth, height, width] = threeAxes(shape);
  return { depth, height, width, spacing: threeAxes(spacing), flat };
}

/** Throws `MetricsError` `bad-length` when an array has not one element for each voxel of the grid. */
export function requireVoxels(values: ArrayLike<number>, name: string, grid: Grid): void {
  const expected = voxelCount(grid);
  if (values.length === expected) return;
  throw new MetricsError(
    'bad-length',
    `${name} has ${values.length} voxels: expected ${expected} for the shape ${shapeText(grid)}`,
    { kind: 'data', hint: 'bring prediction and reference to the same grid before comparing them' },
  );
}

/** Number of voxels of the grid. */
export function voxelCount(grid: Grid): number {
  return grid.depth * grid.height * grid.width;
}

/** Volume of a number of voxels in millilitres. */
export function millilitres(voxels: number, { spacing: [depth, height, width] }: Grid): number {
  return (voxels * (depth * height * width)) / 1000;
}

/** Distance in mm between two places given in voxels. */
export function distanceMm(a: Vector, b: Vector, { spacing }: Grid): number {
  return Math.hypot((a[0] - b[0]) * spacing[0], (a[1] - b[1]) * spacing[1], (a[2] - b[2]) * spacing[2]);
}

/** Length in mm of the diagonal of the whole grid, voxel faces included. */
export function diagonalMm(grid: Grid): number {
  const [depth, height, width] = grid.spacing;
  const thickness = grid.flat ? 0 : grid.depth * depth;
  return Math.hypot(thickness, grid.height * height, grid.width * width);
}

function threeAxes(values: readonly number[]): Vector {
  const [first = 1, second = 1, third = 1] = values.length === 2 ? [1, ...values] : values;
  return [first, second, third];
}

function shapeText(grid: Grid): string {
  return grid.flat ? `[${grid.height}, ${grid.width}]` : `[${grid.depth}, ${grid.height}, ${grid.width}]`;
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function isLength(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
