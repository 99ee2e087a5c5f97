import type { Affine } from '../geometry/affine.js';
import type { Shape3, Volume, VoxelArray } from '../volume.js';
import {
  type Field,
  type FieldName,
  type FieldType,
  LAYOUT_1,
  LAYOUT_2,
  writeField,
} from './header-layout.js';

/** A slightly turned grid, so that no entry of the affine is 0 and every mistake shows. */
export const OBLIQUE: Affine = [
  ...([0.98, -0.2, 0.1, -12.5] as const),
  ...([0.15, 1.1, -0.25, 30.25] as const),
  ...([-0.05, 0.2, 2.4, 7.75] as const),
  ...([0, 0, 0, 1] as const),
];

/** A volume whose values are all different where the type allows. */
export function counted(
  shape: Shape3 = [3, 4, 5],
  channels = 1,
  type: { new (length: number): VoxelArray } = Int16Array,
  affine: Affine = OBLIQUE,
): Volume {
  const data = new type(shape[0] * shape[1] * shape[2] * channels);
  for (let i = 0; i < data.length; i += 1) data[i] = i % 120;
  return { data, shape, channels, affine };
}

/** A copy of a little-endian file with some header fields overwritten. */
export function patched(
  bytes: Uint8Array,
  fields: Partial<Record<FieldName, readonly number[]>>,
): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const [name, values] of Object.entries(fields))
    writeField(view, layoutOf(bytes)[name as FieldName], values);
  return copy;
}

const WIDTH: Record<FieldType, number> = { u8: 1, i16: 2, i32: 4, i64: 8, f32: 4, f64: 8 };

/** The same file in the other byte order. */
export function bigEndian(bytes: Uint8Array, voxelWidth: number): Uint8Array {
  const copy = bytes.slice();
  const layout = layoutOf(bytes);
  const swap = (start: number, width: number): void => {
    copy.subarray(start, start + width).reverse();
  };
  for (const [offset, type, count] of Object.values<Field>(layout)) {
    for (let i = 0; i < count; i += 1) swap(offset + i * WIDTH[type], WIDTH[type]);
  }
  const dataStart = layout === LAYOUT_1 ? 352 : 544;
  for (let start = dataStart; start < copy.length; start += voxelWidth) swap(start, voxelWidth);
  return copy;
}

function layoutOf(bytes: Uint8Array): typeof LAYOUT_1 {
  return new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true) === 348 ? LAYOUT_1 : LAYOUT_2;
}
