import { gather } from '../gather/gather.js';
import { denseLayout, moveLayout } from '../gather/layout.js';
import { type Axis, perAxis } from '../geometry/per-axis.js';
import type { Patch } from '../sampling/patch.js';
import type { Shape3, VoxelArray } from '../volume.js';

/** Which axes are reversed, D, H, W. */
export type Axes = readonly [boolean, boolean, boolean];

/** Label ids that change places when left and right do, e.g. the two kidneys. */
export type LabelPairs = readonly (readonly [number, number])[];

/**
 * Mirrors a patch; `pairs` swap when `leftRightAxis` is mirrored: 0 where D runs from left to right, as in a RAS
 * volume.
 */
export function flipPatch(patch: Patch, axes: Axes, pairs: LabelPairs = [], leftRightAxis: Axis = 0): Patch {
  if (!axes.includes(true)) return patch;
  const image = new Float32Array(patch.image.length);
  const label =
    patch.label instanceof Uint8Array
      ? new Uint8Array(patch.label.length)
      : new Int32Array(patch.label.length);
  flip(patch.image, image, patch.size, patch.channels, axes);
  flip(patch.label, label, patch.size, 1, axes);
  if (axes[leftRightAxis]) swapLabels(label, pairs);
  return { ...patch, image, label };
}

function flip(from: VoxelArray, to: VoxelArray, size: Shape3, channels: number, axes: Axes): void {
  const first = perAxis((axis) => (axes[axis] ? size[axis] - 1 : 0));
  for (let channel = 0; channel < channels; channel += 1) {
    const dense = denseLayout(size, channels, channel);
    const strides = perAxis((axis) => (axes[axis] ? -dense.strides[axis] : dense.strides[axis]));
    gather(from, { offset: moveLayout(dense, first).offset, strides }, to, dense, size);
  }
}

function swapLabels(label: Uint8Array | Int32Array, pairs: LabelPairs): void {
  if (pairs.length === 0) return;
  const partner = new Map(pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
  for (let i = 0; i < label.length; i += 1) {
    const other = partner.get(label[i] as number);
    if (other !== undefined) label[i] = other;
  }
}
