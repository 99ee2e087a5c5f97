import { PreprocessError } from '../errors.js';
import { checkVolume, type Volume, type VoxelArray } from '../volume.js';
import { bytesOf, codeOf, storageOfArray, type WrittenStorage } from './datatypes.js';
import {
  type FieldName,
  HEADER_BYTES,
  LAYOUT_1,
  LAYOUT_2,
  MAGIC_OFFSET,
  writeField,
} from './header-layout.js';
import type { StoredGeometry } from './stored-geometry.js';
import { toFileOrder } from './voxels.js';
import { geometryFromGrid } from './write-geometry.js';

/** What is written beside the voxels. */
export interface EncodeOptions {
  /** At most 79 ASCII characters; nothing of the input's own text fields is ever copied. */
  readonly description?: string;
  /** Storage of the voxels; by default that of the volume's array. Values must fit: nothing is rounded or clipped. */
  readonly datatype?: WrittenStorage;
}

const NIFTI_1_LONGEST_SIDE = 32767;
const EMPTY_EXTENSION = 4;
const PAIR_OFFSET = 0;
const MAGIC_TAIL = { 1: [0], 2: [0, 0x0d, 0x0a, 0x1a, 0x0a] } as const;

/**
 * The bytes of an uncompressed little-endian NIfTI file. A volume read from a file keeps the version, sform and qform
 * of that file bit for bit; another gets both forms from its affine. Throws `value-out-of-range` when a voxel does
 * not fit `datatype`.
 */
export function encodeNifti(volume: Volume, options: EncodeOptions = {}): Uint8Array {
  const { geometry, storage, voxels } = prepare(volume, options);
  const offset = HEADER_BYTES[geometry.version] + EMPTY_EXTENSION;
  const bytes = new Uint8Array(offset + voxels.length);
  writeHeader(bytes, volume, geometry, storage, options.description ?? '', offset);
  bytes.set(voxels, offset);
  return bytes;
}

/** The two files of a NIfTI pair. */
export interface EncodedPair {
  /** The bytes of `.hdr`. */
  readonly header: Uint8Array;
  /** The bytes of `.img`. */
  readonly voxels: Uint8Array;
}

/** As `encodeNifti`, header and voxels apart: the `.hdr` and the `.img` of a pair. */
export function encodeNiftiPair(volume: Volume, options: EncodeOptions = {}): EncodedPair {
  const { geometry, storage, voxels } = prepare(volume, options);
  const header = new Uint8Array(HEADER_BYTES[geometry.version]);
  writeHeader(header, volume, geometry, storage, options.description ?? '', PAIR_OFFSET);
  return { header, voxels };
}

interface Prepared {
  readonly geometry: StoredGeometry;
  readonly storage: WrittenStorage;
  readonly voxels: Uint8Array;
}

function prepare(volume: Volume, options: EncodeOptions): Prepared {
  checkVolume(volume);
  const storage = options.datatype ?? storageOfArray(volume.data);
  const data = convert(volume.data, storage);
  const geometry = volume.geometry ?? geometryFromGrid(volume, versionFor(volume));
  const voxels = littleEndianBytes(toFileOrder(data, volume.shape, volume.channels));
  return { geometry, storage, voxels };
}

function versionFor(volume: Volume): 1 | 2 {
  const longest = Math.max(...volume.shape, volume.channels);
  const fits = volume.affine.every((entry) => Number.isFinite(Math.fround(entry)));
  return longest <= NIFTI_1_LONGEST_SIDE && fits ? 1 : 2;
}

function writeHeader(
  bytes: Uint8Array,
  volume: Volume,
  geometry: StoredGeometry,
  storage: WrittenStorage,
  description: string,
  voxelOffset: number,
): void {
  const { version } = geometry;
  const layout = version === 1 ? LAYOUT_1 : LAYOUT_2;
  const view = new DataView(bytes.buffer);
  const fields: Record<FieldName, readonly number[]> = {
    headerSize: [HEADER_BYTES[version]],
    dim: dimensions(volume),
    datatype: [codeOf(storage)],
    bitsPerVoxel: [8 * bytesOf(storage)],
    pixdim: [...geometry.pixdim, 1, 1, 1, 1],
    voxelOffset: [voxelOffset],
    slope: [1],
    intercept: [0],
    units: [geometry.unitsCode],
    description: asciiBytes(description),
    qformCode: [geometry.qformCode],
    sformCode: [geometry.sformCode],
    quaternion: geometry.quaternion,
    qoffset: geometry.qoffset,
    srow: geometry.srow,
  };
  for (const name of Object.keys(fields) as FieldName[]) writeField(view, layout[name], fields[name]);
  // "n+1" and "n+2" hold their voxels, "ni1" and "ni2" name another file for them.
  const place = voxelOffset === PAIR_OFFSET ? 0x69 : 0x2b;
  bytes.set([0x6e, place, 0x30 + version, ...MAGIC_TAIL[version]], MAGIC_OFFSET[version]);
}

function dimensions({ shape, channels }: Volume): number[] {
  return channels === 1 ? [3, ...shape, 1, 1, 1, 1] : [4, ...shape, channels, 1, 1, 1];
}

function asciiBytes(text: string): number[] {
  if (/^[\x20-\x7e]{0,79}$/.test(text)) return [...text].map((letter) => letter.charCodeAt(0));
  throw new PreprocessError('bad-description', 'a NIfTI description holds at most 79 ASCII characters', {
    kind: 'usage',
    hint: 'shorten the description',
  });
}

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

function convert(data: VoxelArray, storage: WrittenStorage): VoxelArray {
  if (storageOfArray(data) === storage) return data;
  const converted = ARRAYS[storage].from(data);
  if (storage === 'float32') return converted;
  const misfit = data.findIndex((value, i) => !Object.is(value, converted[i]) && value !== converted[i]);
  if (misfit === -1) return converted;
  throw new PreprocessError(
    'value-out-of-range',
    `voxel ${misfit} is ${data[misfit]}, which ${storage} cannot hold`,
    {
      kind: 'usage',
      hint: 'choose a larger datatype, or round the values first',
    },
  );
}

function littleEndianBytes(stored: VoxelArray): Uint8Array {
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) return bytes;
  throw new PreprocessError('big-endian-host', 'NIfTI is written on little-endian machines only', {
    kind: 'internal',
    hint: 'write the file on an x86-64 or ARM machine',
  });
}
