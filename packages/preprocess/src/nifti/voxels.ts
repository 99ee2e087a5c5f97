import { gather } from '../gather/gather.js';
import { denseLayout } from '../gather/layout.js';
import { allocateLike, type Shape3, type VoxelArray, voxelCount } from '../volume.js';
import { bytesOf, type Storage } from './datatypes.js';
import type { Declared } from './judge.js';
import { narrowIntegers } from './narrow-integers.js';

const HOST_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Decodes the voxels that `declared` promises from `bytes`, which start at the first voxel: byte order, NIfTI's order
 * of axes (first axis fastest) to C order `[D, H, W, C]`, then `slope * value + intercept`.
 * Throws `nifti-integer-range` for 64-bit integers that JavaScript numbers cannot hold.
 */
export function decodeVoxels(bytes: Uint8Array, declared: Declared, name: string): VoxelArray {
  const { header, storage, dataBytes, shape, channels } = declared;
  const raw = typedView(bytes.subarray(0, dataBytes), storage, header.littleEndian, name);
  return applyScaling(fromFileOrder(raw, shape, channels), storage, header.slope, header.intercept);
}

/** Reorders values stored first axis fastest, channels slowest, into C order `[D, H, W, C]`. */
export function fromFileOrder(stored: VoxelArray, shape: Shape3, channels: number): VoxelArray {
  const ordered = allocateLike(stored, stored.length);
  const count = voxelCount(shape);
  for (let channel = 0; channel < channels; channel += 1) {
    const from = { offset: channel * count, strides: [1, shape[0], shape[0] * shape[1]] } as const;
    gather(stored, from, ordered, denseLayout(shape, channels, channel), shape);
  }
  return ordered;
}

/** Reorders C order `[D, H, W, C]` into NIfTI's order. */
export function toFileOrder(data: VoxelArray, shape: Shape3, channels: number): VoxelArray {
  const stored = allocateLike(data, data.length);
  const count = voxelCount(shape);
  const [d, h, w] = denseLayout(shape, channels).strides;
  const reversed: Shape3 = [shape[2], shape[1], shape[0]];
  for (let channel = 0; channel < channels; channel += 1) {
    const to = { ...denseLayout(reversed), offset: channel * count };
    gather(data, { offset: channel, strides: [w, h, d] }, stored, to, reversed);
  }
  return stored;
}

/** The values of a storage and byte order as an array of this machine; 64-bit integers are narrowed. */
export function typedView(
  bytes: Uint8Array,
  storage: Storage,
  littleEndian: boolean,
  name: string,
): VoxelArray {
  const width = bytesOf(storage);
  const swap = littleEndian !== HOST_LITTLE_ENDIAN && width > 1;
  const aligned = bytes.byteOffset % width === 0 && !swap ? bytes : bytes.slice();
  if (swap) swapBytes(aligned, width);
  const { buffer, byteOffset } = aligned;
  const length = aligned.byteLength / width;
  switch (storage) {
    case 'int8':
      return new Int8Array(buffer, byteOffset, length);
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, length);
    case 'int16':
      return new Int16Array(buffer, byteOffset, length);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, length);
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return new Float64Array(buffer, byteOffset, length);
    case 'int64':
      return narrowIntegers(new BigInt64Array(buffer, byteOffset, length), name);
    case 'uint64':
      return narrowIntegers(new BigUint64Array(buffer, byteOffset, length), name);
  }
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low += 1, high -= 1) {
      const byte = bytes[low] as number;
      bytes[low] = bytes[high] as number;
      bytes[high] = byte;
    }
  }
}

/** A slope of 0 means that the file stores plain values. 32-bit floats hold every scaled value of up to 16 bits. */
function applyScaling(values: VoxelArray, storage: Storage, slope: number, intercept: number): VoxelArray {
  if (slope === 0 || (slope === 1 && intercept === 0)) return values;
  const small = bytesOf(storage) <= 2 || storage === 'float32';
  const scaled = small ? new Float32Array(values.length) : new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) scaled[i] = (values[i] as number) * slope + intercept;
  return scaled;
}
