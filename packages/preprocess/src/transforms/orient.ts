import { gather } from '../gather/gather.js';
import { denseLayout, moveLayout } from '../gather/layout.js';
import { columnsOf, fromColumns, scaled, type Vector3, voxelToWorld } from '../geometry/affine.js';
import type { Grid } from '../geometry/grid.js';
import { axisDirections, parseOrientation } from '../geometry/orientation.js';
import { type Axis, perAxis } from '../geometry/per-axis.js';
import { allocateLike, type Shape3, type Volume } from '../volume.js';

/** Where an array axis of the result comes from. */
export interface AxisSource {
  readonly axis: Axis;
  readonly reversed: boolean;
}

/** One source for each array axis: a permutation with flips. */
export type Reordering = readonly [AxisSource, AxisSource, AxisSource];

/**
 * Permutes and flips the array axes so that they run as `code` says, e.g. `'RAS'`; no value is interpolated and the
 * affine follows exactly. A volume that lies so already comes back itself. Throws `bad-orientation`.
 */
export function orient(volume: Volume, code: string): Volume {
  return reorder(volume, reorderingFor(volume, code));
}

/** The permutation and flips that bring a grid to orientation `code`. Throws `bad-orientation`. */
export function reorderingFor(grid: Grid, code: string): Reordering {
  const current = axisDirections(grid.affine);
  const target = parseOrientation(code);
  return perAxis((place) => {
    const wanted = target[place];
    const axis = current.findIndex((direction) => direction.axis === wanted.axis) as Axis;
    return { axis, reversed: current[axis].sign !== wanted.sign };
  });
}

/** The reordering that undoes another. */
export function inverseReordering(sources: Reordering): Reordering {
  return perAxis((axis) => {
    const place = sources.findIndex((source) => source.axis === axis) as Axis;
    return { axis: place, reversed: sources[place].reversed };
  });
}

/** True when a reordering changes nothing. */
export function isIdentity(sources: Reordering): boolean {
  return sources.every((source, axis) => source.axis === axis && !source.reversed);
}

/** Permutes and flips the array axes; voxels keep their place in the patient. */
export function reorder(volume: Volume, sources: Reordering): Volume {
  if (isIdentity(sources)) return volume;
  const { shape, affine } = reorderedGrid(volume, sources);
  const data = reorderedVoxels(volume, sources, shape);
  return { data, shape, channels: volume.channels, affine };
}

/** The grid that `reorder` makes. */
export function reorderedGrid(grid: Grid, sources: Reordering): Grid {
  const shape = perAxis((axis) => grid.shape[sources[axis].axis]);
  const columns = columnsOf(grid.affine);
  const steps = perAxis((place) => {
    const { axis, reversed } = sources[place];
    return reversed ? scaled(columns[axis], -1) : columns[axis];
  });
  const origin = voxelToWorld(grid.affine, firstVoxel(grid.shape, sources));
  return { shape, affine: fromColumns(steps, origin) };
}

function reorderedVoxels(volume: Volume, sources: Reordering, shape: Shape3): Volume['data'] {
  const data = allocateLike(volume.data, volume.data.length);
  for (let channel = 0; channel < volume.channels; channel += 1) {
    const dense = denseLayout(volume.shape, volume.channels, channel);
    const { offset } = moveLayout(dense, firstVoxel(volume.shape, sources));
    const strides = perAxis((axis) => (sources[axis].reversed ? -1 : 1) * dense.strides[sources[axis].axis]);
    const from = { offset, strides };
    gather(volume.data, from, data, denseLayout(shape, volume.channels, channel), shape);
  }
  return data;
}

/** The voxel of the input that becomes the first of the result. */
function firstVoxel(shape: Shape3, sources: Reordering): Vector3 {
  const index: [number, number, number] = [0, 0, 0];
  for (const { axis, reversed } of sources) index[axis] = reversed ? shape[axis] - 1 : 0;
  return index;
}
