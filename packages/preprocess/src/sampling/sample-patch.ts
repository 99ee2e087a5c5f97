import { perAxis } from '../geometry/per-axis.js';
import type { Shape3, Volume } from '../volume.js';
import { countsOf, drawVoxel, type VoxelKind } from './draw-voxel.js';
import type { Patch } from './patch.js';
import type { PatchIndex } from './patch-index.js';
import { type PatchSource, volumeSource } from './patch-source.js';

/** How patches are drawn: the part that is plain data. */
export interface SamplingOptions {
  /** Sides of the patch in voxels. */
  readonly size: Shape3;
  /** Chance that the centre lies on a label; otherwise it lies on background. Default 0.5. */
  readonly positiveFraction?: number;
  /** Choose among the labels that occur with equal chance, then a voxel of it. Default: any labelled voxel. */
  readonly balanceClasses?: boolean;
  /** Image value around a case that is smaller than the patch. Default 0. */
  readonly fill?: number;
}

/** How one patch is drawn. */
export interface SampleOptions extends SamplingOptions {
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
  return drawPatch(volumeSource(image, label, index), options);
}

/** As `samplePatch`, from a case wherever its voxels lie. */
export function drawPatch(source: PatchSource, options: SampleOptions): Patch {
  const { size, fill = 0, random } = options;
  const centre = drawVoxel(source, drawKind(source, options), random);
  const start = perAxis((axis) => startOf(centre[axis], size[axis], source.shape[axis]));
  return source.cut(start, size, fill);
}

function drawKind(source: PatchSource, options: SampleOptions): VoxelKind {
  const { positiveFraction = 0.5, balanceClasses = false, random } = options;
  const positive = random() < positiveFraction;
  const instead = positive ? 'foreground' : 'background';
  const other = positive ? 'background' : 'foreground';
  const kind = countsOf(source, instead).total > 0 ? instead : other;
  if (kind !== 'foreground' || !balanceClasses) return kind;
  const present = [...source.index.classes.keys()];
  return present[Math.floor(random() * present.length)] ?? kind;
}

function startOf(centre: number, size: number, side: number): number {
  if (size > side) return 0 - Math.floor((size - side) / 2);
  return Math.min(side - size, Math.max(0, centre - Math.floor(size / 2)));
}
