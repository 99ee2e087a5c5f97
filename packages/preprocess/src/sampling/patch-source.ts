import { extractBox } from '../transforms/box.js';
import type { Shape3, Volume } from '../volume.js';
import type { Patch } from './patch.js';
import { checkPair, type PatchIndex } from './patch-index.js';

/** One plane along D of a case: image `[H, W, C]` and label `[H, W]`. */
export interface CasePlane {
  readonly image: Volume['data'];
  readonly label: Volume['data'];
}

/** A prepared case that patches are cut from, wherever its voxels lie. */
export interface PatchSource {
  readonly shape: Shape3;
  readonly channels: number;
  readonly index: PatchIndex;
  plane(d: number): CasePlane;
  /** The patch of `size` that starts at voxel `start`; outside the case the image is `fill` and the label 0. */
  cut(start: readonly [number, number, number], size: Shape3, fill: number): Patch;
}

/** A case in memory. Throws `label-mismatch` when image and label do not share a shape. */
export function volumeSource(image: Volume, label: Volume, index: PatchIndex): PatchSource {
  checkPair(image, label);
  const { shape, channels } = image;
  const size = shape[1] * shape[2];
  return {
    shape,
    channels,
    index,
    plane: (d) => ({
      image: image.data.subarray(d * size * channels, (d + 1) * size * channels),
      label: label.data.subarray(d * size, (d + 1) * size),
    }),
    cut: (start, sides, fill) => cutPatch(image, label, start, sides, fill),
  };
}

/** Cuts the patch of `size` that starts at voxel `start`; outside the case the image is `fill` and the label 0. */
export function cutPatch(
  image: Volume,
  label: Volume,
  start: readonly [number, number, number],
  size: Shape3,
  fill: number,
): Patch {
  const pixels = extractBox(image, { start, size }, fill).data;
  const labels = extractBox(label, { start, size }).data;
  return {
    image: pixels instanceof Float32Array ? pixels : new Float32Array(pixels),
    label: labels instanceof Uint8Array ? labels : new Int32Array(labels),
    size,
    channels: image.channels,
    offset: start,
  };
}
