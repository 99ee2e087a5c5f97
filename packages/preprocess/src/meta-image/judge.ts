import type { DeclaredImage } from '../attached/declared-image.js';
import { judgeSizes } from '../attached/judge-size.js';
import { parseNumbers, parseSizes } from '../attached/numbers.js';
import { BROKEN_HEADER, CONVERT, type Refuse } from '../attached/refuse.js';
import { bytesOf, type Storage } from '../nifti/datatypes.js';
import type { NiftiLimits } from '../nifti/limits.js';
import { metaAffine } from './affine.js';
import { parseMetaHeader } from './parse-header.js';
import { metaStorage } from './types.js';

type Fields = ReadonlyMap<string, string>;

/**
 * Judges the header of a MetaImage file before any voxel is read. Throws a `PreprocessError` of kind `data` whose code
 * starts with `mha-`; data in another file, text and arrays are refused.
 */
export function judgeMetaImage(bytes: Uint8Array, limits: NiftiLimits, refuse: Refuse): DeclaredImage {
  const { fields, dataOffset } = parseMetaHeader(bytes, limits, refuse);
  refuseUnread(fields, refuse);
  const sizes = judgeDimensions(fields, refuse);
  const [channels = 1] = parseSizes(
    fields.get('ElementNumberOfChannels') ?? '1',
    1,
    'ElementNumberOfChannels',
    refuse,
  );
  const [x = 1, y = 1, z = 1, times = 1] = sizes;
  if (times > 1 && channels > 1) {
    throw refuse(
      'unsupported',
      'has both a fourth axis and channels',
      'split it so that one holds the channels',
    );
  }
  const storage = judgeType(fields, refuse);
  const packed = judgeFlag(fields, ['CompressedData'], refuse);
  return {
    shape: [x, y, z],
    channels: channels * times,
    channelsFirst: channels > 1,
    storage,
    littleEndian:
      bytesOf(storage) === 1 || !judgeFlag(fields, ['BinaryDataByteOrderMSB', 'ElementByteOrderMSB'], refuse),
    packing: packed ? 'zlib' : 'raw',
    affine: metaAffine(fields, sizes.length, refuse),
    dataOffset,
    dataBytes: judgeSizes([...sizes, channels], storage, limits, refuse),
  };
}

function refuseUnread(fields: Fields, refuse: Refuse): void {
  if ((fields.get('ObjectType') ?? 'Image') !== 'Image') {
    throw refuse('unsupported', 'its ObjectType is not Image', 'give an image, not another MetaIO object');
  }
  if (!/^local$/i.test(fields.get('ElementDataFile') ?? '')) {
    const hint = 'save it as one .mha file, e.g. from 3D Slicer or ITK-SNAP';
    throw refuse('detached', 'keeps its voxels in another file, which is not followed', hint);
  }
  if (!judgeFlag(fields, ['BinaryData'], refuse, true)) {
    throw refuse('unsupported', 'stores its voxels as text', 'save it again with BinaryData = True');
  }
  const plain = { HeaderSize: 0, ElementToIntensityFunctionSlope: 1, ElementToIntensityFunctionOffset: 0 };
  for (const [field, value] of Object.entries(plain)) {
    const [found] = parseNumbers(fields.get(field) ?? String(value), 1, field, refuse);
    if (found !== value)
      throw refuse('unsupported', `its ${field} is ${found}, only ${value} is read`, CONVERT);
  }
}

function judgeDimensions(fields: Fields, refuse: Refuse): number[] {
  const [dimensions = 0] = parseSizes(required(fields, 'NDims', refuse), 1, 'NDims', refuse);
  if (dimensions < 2 || dimensions > 4) {
    throw refuse('unsupported', `has ${dimensions} dimensions, expected 2 to 4`, CONVERT);
  }
  return parseSizes(required(fields, 'DimSize', refuse), dimensions, 'DimSize', refuse);
}

function judgeType(fields: Fields, refuse: Refuse): Storage {
  const storage = metaStorage(required(fields, 'ElementType', refuse));
  if (storage !== undefined) return storage;
  throw refuse('unsupported', 'its ElementType is no single integer or float', CONVERT);
}

function judgeFlag(fields: Fields, names: readonly string[], refuse: Refuse, fallback = false): boolean {
  const name = names.find((candidate) => fields.has(candidate));
  if (name === undefined) return fallback;
  const value = fields.get(name) ?? '';
  if (/^(true|false|1|0)$/i.test(value)) return /^(true|1)$/i.test(value);
  throw refuse('bad-header', `${name} must be True or False`, BROKEN_HEADER);
}

function required(fields: Fields, field: string, refuse: Refuse): string {
  const value = fields.get(field);
  if (value !== undefined) return value;
  throw refuse('bad-header', `lacks the field ${field}`, BROKEN_HEADER);
}
