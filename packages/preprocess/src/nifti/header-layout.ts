/** How one header field is stored. */
export type FieldType = 'u8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64';

/** Place of a field in the header: byte offset, type, number of values. */
export type Field = readonly [offset: number, type: FieldType, count: number];

/** The fields that this package reads and writes. */
export type FieldName =
  | 'headerSize'
  | 'dim'
  | 'datatype'
  | 'bitsPerVoxel'
  | 'pixdim'
  | 'voxelOffset'
  | 'slope'
  | 'intercept'
  | 'units'
  | 'description'
  | 'qformCode'
  | 'sformCode'
  | 'quaternion'
  | 'qoffset'
  | 'srow';

export type HeaderLayout = Readonly<Record<FieldName, Field>>;

/** NIfTI-1, after nifti1.h: 348 bytes. */
export const LAYOUT_1: HeaderLayout = {
  headerSize: [0, 'i32', 1],
  dim: [40, 'i16', 8],
  datatype: [70, 'i16', 1],
  bitsPerVoxel: [72, 'i16', 1],
  pixdim: [76, 'f32', 8],
  voxelOffset: [108, 'f32', 1],
  slope: [112, 'f32', 1],
  intercept: [116, 'f32', 1],
  units: [123, 'u8', 1],
  description: [148, 'u8', 80],
  qformCode: [252, 'i16', 1],
  sformCode: [254, 'i16', 1],
  quaternion: [256, 'f32', 3],
  qoffset: [268, 'f32', 3],
  srow: [280, 'f32', 12],
};

/** NIfTI-2, after nifti2.h: 540 bytes. */
export const LAYOUT_2: HeaderLayout = {
  headerSize: [0, 'i32', 1],
  dim: [16, 'i64', 8],
  datatype: [12, 'i16', 1],
  bitsPerVoxel: [14, 'i16', 1],
  pixdim: [104, 'f64', 8],
  voxelOffset: [168, 'i64', 1],
  slope: [176, 'f64', 1],
  intercept: [184, 'f64', 1],
  units: [500, 'i32', 1],
  description: [240, 'u8', 80],
  qformCode: [344, 'i32', 1],
  sformCode: [348, 'i32', 1],
  quaternion: [352, 'f64', 3],
  qoffset: [376, 'f64', 3],
  srow: [400, 'f64', 12],
};

/** Where the four bytes of the magic string start, by version. */
export const MAGIC_OFFSET = { 1: 344, 2: 4 } as const;

export const HEADER_BYTES = { 1: 348, 2: 540 } as const;

const WIDTH: Readonly<Record<FieldType, number>> = { u8: 1, i16: 2, i32: 4, i64: 8, f32: 4, f64: 8 };

/** Reads all values of a field. A 64-bit integer beyond 2^53 is rounded: far above every limit that is checked next. */
export function readField(view: DataView, [offset, type, count]: Field, littleEndian: boolean): number[] {
  return Array.from({ length: count }, (_, i) =>
    readValue(view, offset + i * WIDTH[type], type, littleEndian),
  );
}

/** Writes `values` into a field, little-endian. */
export function writeField(view: DataView, [offset, type]: Field, values: readonly number[]): void {
  for (const [i, value] of values.entries()) writeValue(view, offset + i * WIDTH[type], type, value);
}

function readValue(view: DataView, offset: number, type: FieldType, littleEndian: boolean): number {
  switch (type) {
    case 'u8':
      return view.getUint8(offset);
    case 'i16':
      return view.getInt16(offset, littleEndian);
    case 'i32':
      return view.getInt32(offset, littleEndian);
    case 'i64':
      return Number(view.getBigInt64(offset, littleEndian));
    case 'f32':
      return view.getFloat32(offset, littleEndian);
    case 'f64':
      return view.getFloat64(offset, littleEndian);
  }
}

function writeValue(view: DataView, offset: number, type: FieldType, value: number): void {
  const write: Record<FieldType, () => void> = {
    u8: () => view.setUint8(offset, value),
    i16: () => view.setInt16(offset, value, true),
    i32: () => view.setInt32(offset, value, true),
    i64: () => view.setBigInt64(offset, BigInt(value), true),
    f32: () => view.setFloat32(offset, value, true),
    f64: () => view.setFloat64(offset, value, true),
  };
  write[type]();
}
