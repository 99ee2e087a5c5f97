import type { Affine } from '../geometry/affine.js';
import type { Shape3 } from '../volume.js';
import { bytesOf, type Storage, storageOf } from './datatypes.js';
import type { NiftiHeader } from './header.js';
import { headerAffine } from './header-affine.js';
import type { NiftiLimits } from './limits.js';
import { refusal } from './refusal.js';

/** What a header that passed every check promises. */
export interface Declared {
  readonly header: NiftiHeader;
  readonly shape: Shape3;
  readonly channels: number;
  readonly storage: Storage;
  readonly affine: Affine;
  /** Byte at which the voxels start, in the file that holds them. */
  readonly dataOffset: number;
  /** Bytes of voxels. */
  readonly dataBytes: number;
}

const BROKEN = 'the header is damaged or hostile: get the file again from its source';
const SMALLEST_OFFSET = { 1: 352, 2: 544 } as const;

/**
 * Judges a header before any voxel is read, by the limits of `limits`. Throws a `PreprocessError` of kind `data` that
 * names the file `name` and the field; its code starts with `nifti-`.
 */
export function judgeHeader(header: NiftiHeader, name: string, limits: NiftiLimits): Declared {
  const { shape, channels } = judgeDimensions(header, name, limits);
  const storage = judgeDatatype(header, name);
  judgeScaling(header, name);
  judgeSpacing(header, name);
  const dataOffset = judgeOffset(header, name, limits);
  const affine = headerAffine(header, shape, name);
  const dataBytes = shape[0] * shape[1] * shape[2] * channels * bytesOf(storage);
  return { header, shape, channels, storage, affine, dataOffset, dataBytes };
}

function judgeDimensions(
  header: NiftiHeader,
  name: string,
  limits: NiftiLimits,
): { shape: Shape3; channels: number } {
  const rank = header.dim[0] as number;
  if (!(rank >= 1 && rank <= 7)) {
    throw refusal('nifti-bad-dimensions', name, `dim[0] is ${rank}, expected 1 to 7`, BROKEN);
  }
  const sides = header.dim.slice(1, rank + 1);
  if (sides.some((side) => side < 1)) {
    throw refusal(
      'nifti-bad-dimensions',
      name,
      `dim is [${sides.join(', ')}], each must be at least 1`,
      BROKEN,
    );
  }
  judgeVoxelCount(sides, name, limits);
  const [x = 1, y = 1, z = 1, ...trailing] = sides;
  return { shape: [x, y, z], channels: channelsOf(trailing, name) };
}

function judgeVoxelCount(sides: readonly number[], name: string, limits: NiftiLimits): void {
  const count = sides.reduce((product, side) => product * BigInt(side), 1n);
  if (count <= BigInt(limits.maxVoxels)) return;
  const fault = `dim [${sides.join(', ')}] claims ${count} voxels, the limit maxVoxels is ${limits.maxVoxels}`;
  throw refusal(
    'nifti-too-large',
    name,
    fault,
    'crop or split the scan, or raise limits.maxVoxels if it is real',
  );
}

/** One of the trailing dimensions may hold channels (or time); two would need a choice that only the user can make. */
function channelsOf(trailing: readonly number[], name: string): number {
  const used = trailing.filter((side) => side > 1);
  if (used.length > 1) {
    const fault = `has ${used.length} dimensions beyond the third ([${trailing.join(', ')}]), at most one is read`;
    throw refusal(
      'nifti-too-many-dimensions',
      name,
      fault,
      'split the file so that one dimension holds the channels',
    );
  }
  return used[0] ?? 1;
}

function judgeDatatype(header: NiftiHeader, name: string): Storage {
  const found = storageOf(header.datatype);
  if ('reason' in found) {
    const fault = `datatype ${header.datatype} is not read: ${found.reason}`;
    throw refusal(
      'nifti-unsupported-datatype',
      name,
      fault,
      'convert it to integers or floats, one value per voxel',
    );
  }
  const expected = 8 * bytesOf(found.storage);
  if (header.bitsPerVoxel !== expected) {
    const fault = `bitpix is ${header.bitsPerVoxel}, datatype ${found.storage} has ${expected}`;
    throw refusal('nifti-bad-datatype', name, fault, BROKEN);
  }
  return found.storage;
}

function judgeScaling(header: NiftiHeader, name: string): void {
  if (Number.isFinite(header.slope) && Number.isFinite(header.intercept)) return;
  const fault = `scl_slope ${header.slope} and scl_inter ${header.intercept} must be finite`;
  throw refusal(
    'nifti-bad-scaling',
    name,
    fault,
    'set scl_slope to 0 (no scaling) in the header, or export again',
  );
}

function judgeSpacing(header: NiftiHeader, name: string): void {
  const rank = Math.min(3, header.dim[0] as number);
  const steps = header.pixdim.slice(1, rank + 1);
  if (steps.every((step) => step > 0 && Number.isFinite(step))) return;
  const fault = `pixdim [${steps.join(', ')}] must be positive numbers (mm)`;
  throw refusal('nifti-bad-spacing', name, fault, 'repair pixdim in the header, or export the scan again');
}

function judgeOffset(header: NiftiHeader, name: string, limits: NiftiLimits): number {
  const smallest = header.pair ? 0 : SMALLEST_OFFSET[header.version];
  const offset = header.voxelOffset;
  if (!Number.isInteger(offset) || offset < smallest) {
    throw refusal(
      'nifti-bad-offset',
      name,
      `vox_offset is ${offset}, expected a whole number >= ${smallest}`,
      BROKEN,
    );
  }
  if (offset - smallest > limits.maxExtensionBytes) {
    const fault = `its extensions take ${offset - smallest} bytes, the limit maxExtensionBytes is ${limits.maxExtensionBytes}`;
    throw refusal(
      'nifti-too-large',
      name,
      fault,
      'strip the header extensions, or raise limits.maxExtensionBytes',
    );
  }
  return offset;
}
