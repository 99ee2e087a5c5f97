import { finiteRange } from '../dataset/finite-range.js';
import { worldGrid } from '../dataset/world-grid.js';
import { determinant } from '../geometry/affine.js';
import { orientationCode } from '../geometry/orientation.js';
import { checkPair } from '../sampling/patch-index.js';
import { type Volume, type VoxelArray, voxelCount } from '../volume.js';
import { drawRanks } from './draw-ranks.js';
import type { CaseGeometry } from './fingerprint.js';

/** How one case is looked at. */
export interface FingerprintCaseOptions {
  /** Voxel value in the label to class id; other values are background. */
  readonly classes: ReadonlyMap<number, number>;
  /** Voxels drawn for the intensities, once of all and once of the foreground. */
  readonly voxels: number;
  /** Uniform numbers in `[0, 1)`. */
  readonly random: () => number;
}

/** What is kept of one channel of one case. */
export interface ChannelSample {
  readonly range: readonly [number, number] | null;
  readonly all: Float32Array;
  readonly foreground: Float32Array;
}

/** What is kept of one case: a few thousand values, however large it was. */
export interface CaseFingerprint {
  readonly geometry: CaseGeometry;
  readonly voxels: number;
  /** Volume of one voxel in ml. */
  readonly millilitres: number;
  readonly channels: readonly ChannelSample[];
  /** Class id to number of voxels, classes above 0 that occur. */
  readonly classVoxels: ReadonlyMap<number, number>;
}

/** Geometry, a sample of the intensities and the class volumes of an image and its label. Throws `label-mismatch`. */
export function fingerprintCase(
  image: Volume,
  label: Volume,
  options: FingerprintCaseOptions,
): CaseFingerprint {
  checkPair(image, label);
  const { channels, data } = image;
  const classVoxels = countClasses(label.data, options.classes);
  const foregroundCount = [...classVoxels.values()].reduce((sum, count) => sum + count, 0);
  const all = drawRanks(voxelCount(image.shape), options.voxels, options.random);
  const ranks = drawRanks(foregroundCount, options.voxels, options.random);
  const foreground = foregroundAt(label.data, options.classes, ranks);
  return {
    geometry: { ...worldGrid(image), orientation: orientationCode(image.affine) },
    voxels: voxelCount(image.shape),
    millilitres: Math.abs(determinant(image.affine)) / 1000,
    channels: Array.from({ length: channels }, (_, channel) => ({
      range: finiteRange(data, channel, channels),
      all: valuesAt(data, all, channel, channels),
      foreground: valuesAt(data, foreground, channel, channels),
    })),
    classVoxels,
  };
}

function countClasses(labels: VoxelArray, classes: ReadonlyMap<number, number>): Map<number, number> {
  const counts = new Map<number, number>();
  let start = 0;
  while (start < labels.length) {
    const value = labels[start] as number;
    let end = start + 1;
    while (end < labels.length && labels[end] === value) end += 1;
    const id = classes.get(value) ?? 0;
    if (id !== 0) counts.set(id, (counts.get(id) ?? 0) + end - start);
    start = end;
  }
  return counts;
}

/** Voxel indices of the foreground voxels of the given ranks, which ascend. */
function foregroundAt(
  labels: VoxelArray,
  classes: ReadonlyMap<number, number>,
  ranks: Uint32Array,
): Uint32Array {
  const indices = new Uint32Array(ranks.length);
  let value = 0;
  let inside = false;
  let rank = 0;
  let found = 0;
  for (let i = 0; i < labels.length && found < ranks.length; i += 1) {
    if (labels[i] !== value) {
      value = labels[i] as number;
      inside = (classes.get(value) ?? 0) !== 0;
    }
    if (!inside) continue;
    if (ranks[found] === rank) {
      indices[found] = i;
      found += 1;
    }
    rank += 1;
  }
  return indices;
}

function valuesAt(data: VoxelArray, indices: Uint32Array, channel: number, channels: number): Float32Array {
  const values = Float32Array.from(indices, (index) => data[index * channels + channel] as number);
  return values.filter(Number.isFinite);
}
