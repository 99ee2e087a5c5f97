import { gather } from '../gather/gather.js';
import { denseLayout, moveLayout } from '../gather/layout.js';
import { columnsOf, fromColumns, type Vector3, voxelToWorld } from '../geometry/affine.js';
import { type Axis, perAxis } from '../geometry/per-axis.js';
import { allocateLike, type Shape3, sameShape, type Volume, voxelCount } from '../volume.js';

/** A block of voxels: where it starts, which may lie outside the volume, and its sides. */
export interface Box {
  readonly start: Vector3;
  readonly size: Shape3;
}

/**
 * Cuts `box` out of the volume; voxels of the box outside the volume become `fill`. Crop and pad in one, the affine
 * following the first voxel.
 */
export function extractBox(volume: Volume, box: Box, fill = 0): Volume {
  const { channels } = volume;
  const data = allocateLike(volume.data, voxelCount(box.size) * channels);
  if (fill !== 0) data.fill(fill);
  const from = perAxis((axis) => Math.max(0, box.start[axis]));
  const to = perAxis((axis) => Math.max(0, -box.start[axis]));
  const end = perAxis((axis) => Math.min(box.start[axis] + box.size[axis], volume.shape[axis]));
  const overlap = perAxis((axis) => Math.max(0, end[axis] - from[axis]));
  for (let channel = 0; channel < channels; channel += 1) {
    const source = denseLayout(volume.shape, channels, channel);
    const target = denseLayout(box.size, channels, channel);
    gather(volume.data, moveLayout(source, from), data, moveLayout(target, to), overlap);
  }
  const affine = fromColumns(columnsOf(volume.affine), voxelToWorld(volume.affine, box.start));
  return { data, shape: box.size, channels, affine };
}

/** Which voxels are foreground, and how much is kept around them. */
export interface ForegroundOptions {
  /** A voxel is foreground when any channel exceeds this. Default 0. */
  readonly threshold?: number;
  /** Voxels kept on each side, one number per axis; may reach outside the volume. Default none. */
  readonly margin?: Vector3;
}

/** The smallest box around the foreground, widened by the margin; the whole volume when there is no foreground. */
export function foregroundBox(volume: Volume, options: ForegroundOptions = {}): Box {
  const { threshold = 0, margin = [0, 0, 0] } = options;
  const bounds = foregroundBounds(volume, threshold);
  if (bounds === undefined) return { start: [0, 0, 0], size: volume.shape };
  const start = perAxis((axis) => bounds.low[axis] - margin[axis]);
  return { start, size: perAxis((axis) => bounds.high[axis] + margin[axis] + 1 - start[axis]) };
}

/** Crops to the foreground; margins that reach outside the volume are filled with 0. */
export function cropForeground(volume: Volume, options: ForegroundOptions = {}): Volume {
  return extractBox(volume, foregroundBox(volume, options));
}

/** The box that widens `shape` to at least `size`: half of what is missing, rounded down, goes before. */
export function padBox(shape: Shape3, size: Shape3): Box {
  const sides = perAxis((axis) => Math.max(shape[axis], size[axis]));
  return { start: perAxis((axis) => 0 - Math.floor((sides[axis] - shape[axis]) / 2)), size: sides };
}

/** Pads on both sides to at least `size` with `fill` (MONAI's symmetric SpatialPad). */
export function pad(volume: Volume, size: Shape3, fill = 0): Volume {
  const box = padBox(volume.shape, size);
  return sameShape(box.size, volume.shape) ? volume : extractBox(volume, box, fill);
}

interface Bounds {
  readonly low: [number, number, number];
  readonly high: [number, number, number];
}

function foregroundBounds(volume: Volume, threshold: number): Bounds | undefined {
  const { data, shape, channels } = volume;
  const bounds: Bounds = { low: [...shape], high: [-1, -1, -1] };
  let index = 0;
  for (let d = 0; d < shape[0]; d += 1) {
    for (let h = 0; h < shape[1]; h += 1) {
      const row = index;
      const end = row + shape[2] * channels;
      let first = row;
      while (first < end && !((data[first] as number) > threshold)) first += 1;
      index = end;
      if (first === end) continue;
      let last = end - 1;
      while (!((data[last] as number) > threshold)) last -= 1;
      widen(bounds, 0, d, d);
      widen(bounds, 1, h, h);
      widen(bounds, 2, Math.floor((first - row) / channels), Math.floor((last - row) / channels));
    }
  }
  return bounds.high[0] < 0 ? undefined : bounds;
}

function widen({ low, high }: Bounds, axis: Axis, from: number, to: number): void {
  low[axis] = Math.min(low[axis], from);
  high[axis] = Math.max(high[axis], to);
}
