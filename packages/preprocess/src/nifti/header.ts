import {
  type FieldName,
  HEADER_BYTES,
  LAYOUT_1,
  LAYOUT_2,
  MAGIC_OFFSET,
  readField,
} from './header-layout.js';
import { refusal } from './refusal.js';

/** The fields of a NIfTI header, as stored; nothing is judged here but that it is a NIfTI header. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** True when the voxels are in a separate `.img` file. */
  readonly pair: boolean;
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly bitsPerVoxel: number;
  readonly pixdim: readonly number[];
  readonly voxelOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly units: number;
  readonly qformCode: number;
  readonly sformCode: number;
  readonly quaternion: readonly number[];
  readonly qoffset: readonly number[];
  readonly srow: readonly number[];
}

const NOT_NIFTI = 'not-nifti';
const NOT_NIFTI_HINT = 'give a NIfTI-1 or NIfTI-2 file (.nii or .nii.gz); convert other formats first';

/** Bytes from the start that hold a whole header of either version. */
export const LONGEST_HEADER: number = HEADER_BYTES[2];

/** Reads the header at the start of `bytes`, of either version and byte order. Throws `not-nifti`. */
export function parseHeader(bytes: Uint8Array, name: string): NiftiHeader {
  if (bytes.length < HEADER_BYTES[1]) {
    throw refusal(NOT_NIFTI, name, `has ${bytes.length} bytes, a NIfTI header needs 348`, NOT_NIFTI_HINT);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { version, littleEndian } = versionOf(view, name);
  if (bytes.length < HEADER_BYTES[version]) {
    throw refusal(NOT_NIFTI, name, `has ${bytes.length} bytes, a NIfTI-2 header needs 540`, NOT_NIFTI_HINT);
  }
  const pair = isPair(view, version, name);
  return { version, littleEndian, pair, ...readFields(view, version, littleEndian) };
}

function versionOf(view: DataView, name: string): { version: 1 | 2; littleEndian: boolean } {
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian);
    if (size === HEADER_BYTES[1]) return { version: 1, littleEndian };
    if (size === HEADER_BYTES[2]) return { version: 2, littleEndian };
  }
  const found = view.getInt32(0, true);
  throw refusal(NOT_NIFTI, name, `starts with header size ${found}, NIfTI has 348 or 540`, NOT_NIFTI_HINT);
}

function isPair(view: DataView, version: 1 | 2, name: string): boolean {
  const bytes = [0, 1, 2, 3].map((i) => view.getUint8(MAGIC_OFFSET[version] + i));
  const magic = String.fromCharCode(...bytes);
  if (magic === `n+${version}\0`) return false;
  if (magic === `ni${version}\0`) return true;
  const shown = JSON.stringify(magic);
  throw refusal(
    NOT_NIFTI,
    name,
    `has magic ${shown}, NIfTI-${version} has "n+${version}\\0"`,
    NOT_NIFTI_HINT,
  );
}

function readFields(
  view: DataView,
  version: 1 | 2,
  littleEndian: boolean,
): Omit<NiftiHeader, 'version' | 'littleEndian' | 'pair'> {
  const layout = version === 1 ? LAYOUT_1 : LAYOUT_2;
  const many = (field: FieldName): number[] => readField(view, layout[field], littleEndian);
  const one = (field: FieldName): number => many(field)[0] as number;
  return {
    dim: many('dim'),
    datatype: one('datatype'),
    bitsPerVoxel: one('bitsPerVoxel'),
    pixdim: many('pixdim'),
    voxelOffset: one('voxelOffset'),
    slope: one('slope'),
    intercept: one('intercept'),
    units: one('units'),
    qformCode: one('qformCode'),
    sformCode: one('sformCode'),
    quaternion: many('quaternion'),
    qoffset: many('qoffset'),
    srow: many('srow'),
  };
}
