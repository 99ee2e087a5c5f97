import { PreprocessError } from '../errors.js';
import { sameShape, type Volume } from '../volume.js';

/** Voxels of one kind in a volume, counted plane by plane along D. */
export interface VoxelSet {
  readonly total: number;
  /** Number of members in each plane. */
  readonly perPlane: Uint32Array;
  /** True when voxel `index` (channels not counted) is a member. */
  readonly has: (index: number) => boolean;
}

/**
 * Where the patches of one case may be centred. It holds counts only, so that any voxel is drawn with equal chance at
 * the cost of scanning one plane, and a case costs a few kilobytes.
 */
export interface PatchIndex {
  /** Label above 0. */
  readonly foreground: VoxelSet;
  /** Label 0 where some channel of the image exceeds `backgroundAbove`. */
  readonly background: VoxelSet;
  /** The voxels of each label above 0 that occurs. */
  readonly classes: ReadonlyMap<number, VoxelSet>;
}

/** What counts as background. */
export interface PatchIndexOptions {
  /** Background voxels have an image value above this in some channel; `-Infinity` takes all. Default 0. */
  readonly backgroundAbove?: number;
}

/**
 * Counts the voxels of a prepared image and its label once, before patches are drawn. Throws `label-mismatch` when the
 * two do not share a shape.
 */
export function buildPatchIndex(image: Volume, label: Volume, options: PatchIndexOptions = {}): PatchIndex {
  checkPair(image, label);
  const { backgroundAbove = 0 } = options;
  const { data: labels } = label;
  const lit = litVoxels(image, backgroundAbove);
  const foreground = voxelSet(label, (index) => (labels[index] as number) > 0);
  const background = voxelSet(label, (index) => labels[index] === 0 && lit(index));
  const present = [...new Set<number>(labels)].filter((value) => value > 0).sort((a, b) => a - b);
  const classes = new Map(present.map((id) => [id, voxelSet(label, (index) => labels[index] === id)]));
  return { foreground, background, classes };
}

/** A member of `set` drawn uniformly, as a voxel index. The set must not be empty. */
export function drawVoxel(set: VoxelSet, planeSize: number, random: () => number): number {
  let rank = Math.min(set.total - 1, Math.floor(random() * set.total));
  let plane = 0;
  while (rank >= (set.perPlane[plane] as number)) {
    rank -= set.perPlane[plane] as number;
    plane += 1;
  }
  let index = plane * planeSize;
  for (; ; index += 1) {
    if (!set.has(index)) continue;
    if (rank === 0) return index;
    rank -= 1;
  }
}

/** Throws `label-mismatch` unless the label has one channel and the image's shape. */
export function checkPair(image: Volume, label: Volume): void {
  if (sameShape(image.shape, label.shape) && label.channels === 1) return;
  throw new PreprocessError(
    'label-mismatch',
    `label of shape [${label.shape.join(', ')}] x ${label.channels} does not fit image [${image.shape.join(', ')}]`,
    {
      kind: 'usage',
      hint: 'apply the same recipe to both: applyRecipe for the image, applyTrace for its label',
    },
  );
}

function litVoxels({ data, channels }: Volume, threshold: number): (index: number) => boolean {
  if (channels === 1) return (index) => (data[index] as number) > threshold;
  return (index) => {
    for (let i = index * channels; i < (index + 1) * channels; i += 1)
      if ((data[i] as number) > threshold) return true;
    return false;
  };
}

function voxelSet({ shape }: Volume, has: (index: number) => boolean): VoxelSet {
  const perPlane = new Uint32Array(shape[0]);
  const planeSize = shape[1] * shape[2];
  let total = 0;
  for (let plane = 0; plane < shape[0]; plane += 1) {
    let count = 0;
    for (let index = plane * planeSize; index < (plane + 1) * planeSize; index += 1)
      if (has(index)) count += 1;
    perPlane[plane] = count;
    total += count;
  }
  return { total, perPlane, has };
}
