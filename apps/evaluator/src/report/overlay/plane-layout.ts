import type { EdgeLetters, PlaneName } from './overlay-plane.js';

/** An axis of a RAS-oriented volume [D, H, W]: 0 runs to the patient's right, 1 to the front, 2 to the head. */
export type Axis = 0 | 1 | 2;

/** Sides of a volume in voxels, [D, H, W]. */
export type Shape3 = readonly [number, number, number];

/** Which axis a plane cuts, and which axes run across and down the picture. */
export interface PlaneLayout {
  readonly name: PlaneName;
  readonly normal: Axis;
  readonly across: Axis;
  readonly down: Axis;
  readonly letters: EdgeLetters;
}

/**
 * Radiological display: the patient's right is on the viewer's left, the front above it in axial planes, the head above
 * in the others, and the front on the viewer's left in sagittal planes. In RAS every index grows towards right, front
 * and head, so every picture axis runs against its volume axis.
 */
export const planeLayouts: readonly PlaneLayout[] = [
  { name: 'axial', normal: 2, across: 0, down: 1, letters: { left: 'R', right: 'L', top: 'A', bottom: 'P' } },
  {
    name: 'coronal',
    normal: 1,
    across: 0,
    down: 2,
    letters: { left: 'R', right: 'L', top: 'S', bottom: 'I' },
  },
  {
    name: 'sagittal',
    normal: 0,
    across: 1,
    down: 2,
    letters: { left: 'A', right: 'P', top: 'S', bottom: 'I' },
  },
];

/** The voxels of one slice in the order of the picture: `index(column, row)` is their place in the volume's data. */
export interface SliceView {
  readonly columns: number;
  readonly rows: number;
  readonly index: (column: number, row: number) => number;
}

/** Looks at slice `slice` of a volume of the given shape in a plane. */
export function viewSlice(layout: PlaneLayout, shape: Shape3, slice: number): SliceView {
  const strides = [shape[1] * shape[2], shape[2], 1] as const;
  const columns = shape[layout.across];
  const rows = shape[layout.down];
  const start = slice * strides[layout.normal];
  const index = (column: number, row: number): number =>
    start + (columns - 1 - column) * strides[layout.across] + (rows - 1 - row) * strides[layout.down];
  return { columns, rows, index };
}
