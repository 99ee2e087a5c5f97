import { affineInRas, LPS_TO_RAS } from '../attached/numbers.js';
import { type Refuse, refuserOf } from '../attached/refuse.js';
import { type Affine, cross, dot, norm, scaled, type Vector3 } from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';
import type { FoundSlice } from './choose-series.js';
import type { Slice } from './slice.js';

/** Slices in order, and the grid they make. */
export interface Stack<Source> {
  readonly slices: readonly FoundSlice<Source>[];
  readonly affine: Affine;
}

const DIRECTION_TOLERANCE = 1e-4;
const SPACING_TOLERANCE_MM = 1e-4;
// Positions are rounded when they are written; beyond this share of the distance between slices, one is missing.
const GAP_TOLERANCE = 0.02;
const SMALLEST_TOLERANCE_MM = 0.02;

/**
 * Sorts slices along their normal and makes their affine (RAS mm), sheared when the gantry was tilted. Throws
 * `dicom-mixed-slices`, `dicom-duplicate-slice`, `dicom-missing-slice` and `dicom-uneven-slices`, each saying where.
 */
export function stackSlices<S>(found: readonly FoundSlice<S>[], name: string): Stack<S> {
  const refuse = refuserOf('dicom', name);
  const [first] = found;
  if (first === undefined)
    throw refuse('empty', 'holds no DICOM image', 'give the folder that holds the slices');
  refuseMixed(found, first.slice, refuse);
  const { rowDirection, columnDirection } = first.slice;
  const normal = cross(rowDirection, columnDirection);
  const depth = ({ slice }: FoundSlice<S>): number => dot(slice.position, normal);
  const slices = [...found].sort((a, b) => depth(a) - depth(b));
  refuseUneven(slices.map(depth), refuse);
  refuseDrift(
    slices.map(({ slice }) => slice.position),
    refuse,
  );
  return {
    slices,
    affine: stackAffine(
      slices.map(({ slice }) => slice),
      normal,
      refuse,
    ),
  };
}

function refuseMixed<S>(found: readonly FoundSlice<S>[], first: Slice, refuse: Refuse): void {
  const misfits = found.filter(({ slice }) => !fits(slice, first)).length;
  if (misfits === 0) return;
  const fault = `${misfits} of ${found.length} slices differ from the others in size, spacing or orientation`;
  throw refuse('mixed-slices', fault, 'move localisers and other views to a folder of their own');
}

function fits(a: Slice, b: Slice): boolean {
  const turned = (x: Vector3, y: Vector3): boolean =>
    perAxis((axis) => Math.abs(x[axis] - y[axis])).some((difference) => difference > DIRECTION_TOLERANCE);
  const spaced = a.spacing.every(
    (step, axis) => Math.abs(step - (b.spacing[axis] ?? 0)) <= SPACING_TOLERANCE_MM,
  );
  const sized = a.rows === b.rows && a.columns === b.columns;
  return (
    sized &&
    spaced &&
    !turned(a.rowDirection, b.rowDirection) &&
    !turned(a.columnDirection, b.columnDirection)
  );
}

/** Judges the distances between sorted slices by their median. */
function refuseUneven(depths: readonly number[], refuse: Refuse): void {
  const gaps = depths.slice(1).map((depth, index) => depth - (depths[index] as number));
  const usual = [...gaps].sort((a, b) => a - b)[gaps.length >> 1] ?? 0;
  const at = gaps.findIndex(
    (gap) => Math.abs(gap - usual) > toleranceOf(usual) || gap < SMALLEST_TOLERANCE_MM,
  );
  if (at === -1) return;
  throw gapFault(at, gaps[at] as number, usual, depths[at] as number, refuse);
}

function gapFault(at: number, gap: number, usual: number, depth: number, refuse: Refuse): Error {
  const where = `slices ${at + 1} and ${at + 2} (from ${depth.toFixed(2)} mm along the normal)`;
  if (gap < SMALLEST_TOLERANCE_MM) {
    const hint = 'keep one image for each position: one echo, one time, one reconstruction';
    return refuse('duplicate-slice', `${where} lie at the same position`, hint);
  }
  const fault = `${where} are ${gap.toFixed(3)} mm apart, the others ${usual.toFixed(3)} mm`;
  const missing = Math.round(gap / usual) - 1;
  if (missing >= 1 && Math.abs(gap - (missing + 1) * usual) <= toleranceOf(usual) * (missing + 1)) {
    return refuse(
      'missing-slice',
      `${fault}: ${missing} missing between them`,
      'copy the whole series again',
    );
  }
  const hint = 'use a series with equal distances, or resample it with a tool that knows how it was scanned';
  return refuse('uneven-slices', fault, hint);
}

/** A slice that is moved sideways keeps its depth, so positions are compared with the straight line through the ends. */
function refuseDrift(positions: readonly Vector3[], refuse: Refuse): void {
  const step = stepOf(positions);
  if (step === undefined) return;
  const start = positions[0] as Vector3;
  const at = positions.findIndex((position, index) => {
    const off = perAxis((axis) => position[axis] - start[axis] - index * step[axis]);
    return norm(off) > toleranceOf(norm(step)) * 2;
  });
  if (at === -1) return;
  throw refuse(
    'uneven-slices',
    `slice ${at + 1} lies off the line of the others`,
    'copy the whole series again',
  );
}

function toleranceOf(gap: number): number {
  return Math.max(SMALLEST_TOLERANCE_MM, GAP_TOLERANCE * gap);
}

function stepOf(positions: readonly Vector3[]): Vector3 | undefined {
  const [first, last] = [positions[0], positions.at(-1)];
  if (first === undefined || last === undefined || positions.length < 2) return undefined;
  return perAxis((axis) => (last[axis] - first[axis]) / (positions.length - 1));
}

function stackAffine(slices: readonly Slice[], normal: Vector3, refuse: Refuse): Affine {
  const { rowDirection, columnDirection, spacing, position, thickness } = slices[0] as Slice;
  const step = stepOf(slices.map((slice) => slice.position)) ?? scaled(normal, thickness);
  const steps = [scaled(rowDirection, spacing[1]), scaled(columnDirection, spacing[0]), step] as const;
  return affineInRas(steps, position, LPS_TO_RAS, refuse);
}
