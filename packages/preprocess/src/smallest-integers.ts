import { PreprocessError } from './errors.js';
import type { Volume, VoxelArray } from './volume.js';

type IntegerArray = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

// Unsigned first: labels are seldom negative, and every tool reads uint8.
const TYPES = [
  { low: 0, high: 255, array: Uint8Array },
  { low: -128, high: 127, array: Int8Array },
  { low: 0, high: 65535, array: Uint16Array },
  { low: -32768, high: 32767, array: Int16Array },
  { low: -(2 ** 31), high: 2 ** 31 - 1, array: Int32Array },
  { low: 0, high: 2 ** 32 - 1, array: Uint32Array },
] as const;

/**
 * The same labels in the smallest integer array that holds them all. Throws `not-integers` when a voxel is not a
 * whole number, or beyond 32 bits.
 */
export function smallestIntegers(volume: Volume): Volume<IntegerArray> {
  const { low, high } = integerRange(volume.data);
  const type = TYPES.find((candidate) => candidate.low <= low && high <= candidate.high);
  if (type === undefined) throw notIntegers(`labels run from ${low} to ${high}, beyond 32 bits`);
  const data = volume.data instanceof type.array ? volume.data : type.array.from(volume.data);
  return { ...volume, data };
}

/** Least and greatest of `data`, which must be whole numbers. */
function integerRange(data: VoxelArray): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i] as number;
    if (!Number.isInteger(value)) throw notIntegers(`voxel ${i} is ${value}, labels are whole numbers`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function notIntegers(message: string): PreprocessError {
  return new PreprocessError('not-integers', message, {
    kind: 'data',
    hint: 'give a label volume; resample labels with nearest-neighbour interpolation only',
  });
}
