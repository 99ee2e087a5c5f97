import type { DeclaredImage, Packing } from '../attached/declared-image.js';
import { judgeSizes } from '../attached/judge-size.js';
import { parseSizes } from '../attached/numbers.js';
import { BROKEN_HEADER, CONVERT, type Refuse } from '../attached/refuse.js';
import { bytesOf, type Storage } from '../nifti/datatypes.js';
import type { NiftiLimits } from '../nifti/limits.js';
import { directionTexts, nrrdAffine } from './affine.js';
import { perAxisWords, sortAxes } from './axes.js';
import { parseNrrdHeader } from './parse-header.js';
import { nrrdStorage } from './types.js';

type Fields = ReadonlyMap<string, string>;

const LARGEST_DIMENSION = 4;
const PACKINGS: Readonly<Record<string, Packing>> = { raw: 'raw', gzip: 'gzip', gz: 'gzip' };

/**
 * Judges the header of an NRRD file before any voxel is read. Throws a `PreprocessError` of kind `data` whose code
 * starts with `nrrd-`; data in another file, bzip2, text encodings, blocks and colours are refused.
 */
export function judgeNrrd(bytes: Uint8Array, limits: NiftiLimits, refuse: Refuse): DeclaredImage {
  const { fields, dataOffset } = parseNrrdHeader(bytes, limits, refuse);
  refuseDetached(fields, refuse);
  const sizes = judgeDimension(fields, refuse);
  const storage = judgeType(fields, refuse);
  const dataBytes = judgeSizes(sizes, storage, limits, refuse);
  const directions = directionTexts(fields, sizes.length, refuse);
  const axes = sortAxes(sizes, directions, kindsOf(fields, sizes.length, refuse), refuse);
  return {
    shape: axes.shape,
    channels: axes.channels,
    channelsFirst: axes.channelAxis === 0,
    storage,
    littleEndian: judgeEndian(fields, storage, refuse),
    packing: judgeEncoding(fields, refuse),
    affine: nrrdAffine(fields, axes.spatial, directions, refuse),
    dataOffset,
    dataBytes,
  };
}

function required(fields: Fields, field: string, refuse: Refuse): string {
  const value = fields.get(field);
  if (value !== undefined) return value;
  throw refuse('bad-header', `lacks the field ${field}`, BROKEN_HEADER);
}

function refuseDetached(fields: Fields, refuse: Refuse): void {
  if (fields.has('data file') || fields.has('datafile')) {
    const hint = 'save it as one .nrrd file with its data attached, e.g. from 3D Slicer';
    throw refuse('detached', 'keeps its voxels in another file, which is not followed', hint);
  }
  const skips = ['line skip', 'lineskip', 'byte skip', 'byteskip'].map((field) => fields.get(field) ?? '0');
  if (skips.some((skip) => skip !== '0')) {
    throw refuse('unsupported', 'skips lines or bytes before its voxels', CONVERT);
  }
}

function judgeDimension(fields: Fields, refuse: Refuse): number[] {
  const [dimension = 0] = parseSizes(required(fields, 'dimension', refuse), 1, 'dimension', refuse);
  if (dimension < 2 || dimension > LARGEST_DIMENSION) {
    throw refuse('unsupported', `has ${dimension} dimensions, expected 2 to ${LARGEST_DIMENSION}`, CONVERT);
  }
  return parseSizes(required(fields, 'sizes', refuse), dimension, 'sizes', refuse);
}

function judgeType(fields: Fields, refuse: Refuse): Storage {
  const storage = nrrdStorage(required(fields, 'type', refuse).toLowerCase());
  if (storage !== undefined) return storage;
  throw refuse('unsupported', 'has a type that is no integer or float (block, or unknown)', CONVERT);
}

function judgeEndian(fields: Fields, storage: Storage, refuse: Refuse): boolean {
  if (bytesOf(storage) === 1) return true;
  const endian = required(fields, 'endian', refuse).toLowerCase();
  if (endian === 'little' || endian === 'big') return endian === 'little';
  throw refuse('bad-header', 'endian must be little or big', BROKEN_HEADER);
}

function judgeEncoding(fields: Fields, refuse: Refuse): Packing {
  const packing = PACKINGS[required(fields, 'encoding', refuse).toLowerCase()];
  if (packing !== undefined) return packing;
  throw refuse(
    'unsupported',
    'its encoding is neither raw nor gzip',
    'save it again with encoding raw or gzip',
  );
}

function kindsOf(fields: Fields, axes: number, refuse: Refuse): readonly string[] | undefined {
  const words = fields.get('kinds')?.split(/\s+/);
  return words === undefined ? undefined : perAxisWords(words, axes, 'kinds', refuse);
}
