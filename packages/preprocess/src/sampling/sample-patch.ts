import { perAxis } from '../geometry/per-axis.js';
import { extractBox } from '../transforms/box.js';
import type { Shape3, Volume } from '../volume.js';
import type { Patch } from './patch.js';
import { checkPair, drawVoxel, type PatchIndex, type VoxelSet } from './patch-index.js';

/** How patches are drawn. */
export interface SampleOptions {
  /** Sides of the patch in voxels. */
  readonly size: Shape3;
  /** Chance that the centre lies on a label; otherwise it lies on background. Default 0.5. */
  readonly positiveFraction?: number;
  /** Choose among the labels that occur with equal chance, then a voxel of it. Default: any labelled voxel. */
  readonly balanceClasses?: boolean;
  /** Image value around a case that is smaller than the patch. Default 0. */
  readonly fill?: number;
  /** Uniform numbers in `[0, 1)`. */
  readonly random: () => number;
}

/**
 * Cuts one patch from an image `[D, H, W, C]` and its label. The centre is a labelled voxel with chance
 * `positiveFraction`, else a background voxel; where one kind is missing the other serves. The patch is moved inwards to
 * fit (MONAI's RandCropByPosNegLabel); along axes where the case is smaller it is padded on both sides.
 * Draws: one number for the kind, one for the class when balancing, one for the voxel.
 */
export function samplePatch(image: Volume, label: Volume, index: PatchIndex, options: SampleOptions): Patch {
  checkPair(image, label);
  const centre = drawCentre(image.shape, index, options);
  const start = perAxis((axis) => startOf(centre[axis], options.size[axis], image.shape[axis]));
  return cutPatch(image, label, start, options.size, options.fill ?? 0);
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
    image: pixels instanceof Float32Array ? pixels : Float32Array.from(pixels),
    label: labels instanceof Uint8Array ? labels : Int32Array.from(labels),
    size,
    channels: image.channels,
    offset: start,
  };
}

function drawCentre(shape: Shape3, index: PatchIndex, options: SampleOptions): [number, number, number] {
  const { positiveFraction = 0.5, balanceClasses = false, random } = options;
  const positive = random() < positiveFraction;
  const useForeground = positive ? index.foreground.total > 0 : index.background.total === 0;
  const set = useForeground ? positiveSet(index, balanceClasses, random) : index.background;
  const voxels = shape[0] * shape[1] * shape[2];
  const voxel = set.total === 0 ? Math.floor(random() * voxels) : drawVoxel(set, shape[1] * shape[2], random);
  return [
    Math.floor(voxel / (shape[1] * shape[2])),
    Math.floor(voxel / shape[2]) % shape[1],
    voxel % shape[2],
  ];
}

function positiveSet(index: PatchIndex, balanceClasses: boolean, random: () => number): VoxelSet {
  const classes = [...index.classes.values()];
  const chosen = balanceClasses ? classes[Math.floor(random() * classes.length)] : undefined;
  return chosen ?? index.foreground;
}

function startOf(centre: number, size: number, side: number): number {
  if (size > side) return 0 - Math.floor((size - side) / 2);
  return Math.min(side - size, Math.max(0, centre - Math.floor(size / 2)));
}
