import { PreprocessError } from '../errors.js';
import { sameShape, type Volume } from '../volume.js';

/** How many voxels of one kind a volume has, in all and in each plane along D. */
export interface VoxelCounts {
  readonly total: number;
  readonly perPlane: Uint32Array;
}

/**
 * Where the patches of one case may be centred. It holds counts only, so that any voxel is drawn with equal chance at
 * the cost of scanning one plane, and a case costs a few kilobytes.
 */
export interface PatchIndex {
  /** Label above 0. */
  readonly foreground: VoxelCounts;
  /** Label 0 where some channel of the image exceeds `backgroundAbove`. */
  readonly background: VoxelCounts;
  /** The voxels of each label above 0 that occurs, by rising id. */
  readonly classes: ReadonlyMap<number, VoxelCounts>;
  readonly backgroundAbove: number;
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
  const [planes, height, width] = image.shape;
  const foreground = new Uint32Array(planes);
  const background = new Uint32Array(planes);
  const classes = new Map<number, Uint32Array>();
  for (let plane = 0, voxel = 0; plane < planes; plane += 1) {
    for (const end = voxel + height * width; voxel < end; voxel += 1) {
      const id = label.data[voxel] as number;
      if (id > 0) {
        foreground[plane] = (foreground[plane] as number) + 1;
        const ofClass = classes.get(id) ?? emptyCounts(classes, id, planes);
        ofClass[plane] = (ofClass[plane] as number) + 1;
      } else if (id === 0 && isLit(image, voxel, backgroundAbove)) {
        background[plane] = (background[plane] as number) + 1;
      }
    }
  }
  const sorted = [...classes].sort(([a], [b]) => a - b);
  return {
    foreground: counted(foreground),
    background: counted(background),
    classes: new Map(sorted.map(([id, perPlane]) => [id, counted(perPlane)])),
    backgroundAbove,
  };
}

/** True when some channel of voxel `index` exceeds `threshold`. */
export function isLit(
  { data, channels }: Pick<Volume, 'data' | 'channels'>,
  index: number,
  threshold: number,
): boolean {
  for (let i = index * channels; i < (index + 1) * channels; i += 1)
    if ((data[i] as number) > threshold) return true;
  return false;
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

function emptyCounts(classes: Map<number, Uint32Array>, id: number, planes: number): Uint32Array {
  const perPlane = new Uint32Array(planes);
  classes.set(id, perPlane);
  return perPlane;
}

function counted(perPlane: Uint32Array): VoxelCounts {
  return { total: perPlane.reduce((sum, count) => sum + count, 0), perPlane };
}
