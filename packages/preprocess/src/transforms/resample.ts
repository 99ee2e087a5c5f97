import { allocating } from '../allocate.js';
import { PreprocessError } from '../errors.js';
import {
  type Affine,
  columnsOf,
  fromColumns,
  scaled,
  spacing,
  type Vector3,
  voxelToWorld,
} from '../geometry/affine.js';
import type { Grid } from '../geometry/grid.js';
import { perAxis } from '../geometry/per-axis.js';
import { type Shape3, sameShape, type Volume, voxelCount } from '../volume.js';
import { linearTaps, nearestTaps, reversedTaps, roundHalfEven } from './axis-taps.js';
import { sampleLinear } from './sample-linear.js';
import { sampleNearest } from './sample-nearest.js';

/** How values between voxels are found: `linear` for images, `nearest` for labels. */
export type Interpolation = 'linear' | 'nearest';

/** MONAI calls two affines equal when no entry differs by more than this (mm). */
const AFFINE_TOLERANCE = 1e-3;

/** A grid to resample onto: steps in voxels of the input, and sides. */
export interface ResampledGrid {
  readonly steps: Vector3;
  readonly shape: Shape3;
}

/**
 * Resamples to `target` mm along D, H and W; an entry of 0 or less keeps the present spacing. MONAI's conventions:
 * the first voxel stays where it is, each side becomes `round((n - 1) * old / new + 1)` with halves to even, values
 * beyond the last voxel repeat it. `linear` gives a float array, `nearest` keeps the array type. Throws `bad-spacing`.
 */
export function resample(volume: Volume, target: Vector3, interpolation: Interpolation): Volume {
  const planned = planResampling(volume, target);
  return planned === undefined ? volume : resampleGrid(volume, planned.steps, planned.shape, interpolation);
}

/** The grid that `resample` makes, or undefined where the grid has that spacing already. Throws `bad-spacing`. */
export function planResampling(grid: Grid, target: Vector3): ResampledGrid | undefined {
  checkSpacing(target);
  const old = spacing(grid.affine);
  const steps = perAxis((axis) => (target[axis] > 0 ? target[axis] / old[axis] : 1));
  const shape = perAxis((axis) => roundHalfEven((grid.shape[axis] - 1) / steps[axis] + 1));
  return unchanged(grid, steps, shape) ? undefined : { steps, shape };
}

/** Which axes of the input are stored backwards, seen from the grid that is asked for. */
export type Reversals = readonly [boolean, boolean, boolean];

const FORWARDS: Reversals = [false, false, false];

/**
 * Resamples onto a grid of `shape` that starts at the same first voxel and steps by `steps` voxels of the input:
 * the general form behind `resample`, and its own inverse with `1 / steps`. Axes in `reversed` are flipped on the way.
 * Throws `out-of-memory` where the grid asks for more than can be had.
 */
export function resampleGrid(
  volume: Volume,
  steps: Vector3,
  shape: Shape3,
  interpolation: Interpolation,
  reversed: Reversals = FORWARDS,
): Volume {
  const tapsOf = interpolation === 'linear' ? linearTaps : nearestTaps;
  const taps = perAxis((axis) => {
    const forwards = tapsOf(volume.shape[axis], steps[axis], shape[axis]);
    return reversed[axis] ? reversedTaps(forwards, volume.shape[axis]) : forwards;
  });
  const sample = interpolation === 'linear' ? sampleLinear : sampleNearest;
  const affine = steppedAffine(volume, steps, reversed);
  const bytes = voxelCount(shape) * volume.channels * volume.data.BYTES_PER_ELEMENT;
  const data = allocating(bytes, 'the resampled volume', () => sample(volume, shape, taps));
  return { data, shape, channels: volume.channels, affine };
}

/** The affine of the grid that starts at the first voxel, or at the last along reversed axes, and steps by `steps` voxels. */
function steppedAffine({ affine, shape }: Grid, steps: Vector3, reversed: Reversals): Affine {
  const columns = columnsOf(affine);
  const first = perAxis((axis) => (reversed[axis] ? shape[axis] - 1 : 0));
  return fromColumns(
    perAxis((axis) => scaled(columns[axis], reversed[axis] ? -steps[axis] : steps[axis])),
    voxelToWorld(affine, first),
  );
}

function checkSpacing(target: Vector3): void {
  if (target.length === 3 && target.every(Number.isFinite)) return;
  throw new PreprocessError('bad-spacing', `spacing [${target.join(', ')}] is not three numbers in mm`, {
    kind: 'usage',
    hint: 'give three spacings in mm, 0 to keep one as it is',
  });
}

function unchanged(grid: Grid, steps: Vector3, shape: Shape3): boolean {
  const columns = columnsOf(grid.affine);
  const changes = perAxis((axis) => Math.max(...columns[axis].map((mm) => Math.abs(mm * (steps[axis] - 1)))));
  return sameShape(grid.shape, shape) && Math.max(...changes) <= AFFINE_TOLERANCE;
}
