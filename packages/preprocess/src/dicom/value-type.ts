import type { VoxelArray } from '../volume.js';
import type { Slice } from './slice.js';

/** Makes an array of one type. */
export type ArrayType = { new (length: number): VoxelArray };

const INTEGERS = [
  { low: 0, high: 2 ** 8 - 1, type: Uint8Array },
  { low: -(2 ** 7), high: 2 ** 7 - 1, type: Int8Array },
  { low: 0, high: 2 ** 16 - 1, type: Uint16Array },
  { low: -(2 ** 15), high: 2 ** 15 - 1, type: Int16Array },
  { low: 0, high: 2 ** 32 - 1, type: Uint32Array },
  { low: -(2 ** 31), high: 2 ** 31 - 1, type: Int32Array },
] as const;

/**
 * The array for the scaled values of a series: the smallest integers that hold all they could be where every slope and
 * intercept is whole, as GDCM chooses; else Float32, or Float64 for 32-bit storage.
 */
export function valueType(slices: readonly Slice[]): ArrayType {
  const whole = slices.every(
    ({ slope, intercept }) => Number.isInteger(slope) && Number.isInteger(intercept),
  );
  const ends = slices.flatMap(scaledEnds);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const integers = INTEGERS.find((candidate) => candidate.low <= low && high <= candidate.high);
  if (whole && integers !== undefined) return integers.type;
  return slices.some(({ format }) => format.bitsAllocated === 32) ? Float64Array : Float32Array;
}

/** Writes `slope * value + intercept` of one slice into `target` from `start` on. */
export function writeScaled(
  values: VoxelArray,
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
  target: VoxelArray,
  start: number,
): void {
  if (slope === 1 && intercept === 0) {
    target.set(values, start);
    return;
  }
  for (let i = 0; i < values.length; i += 1) target[start + i] = (values[i] as number) * slope + intercept;
}

function scaledEnds({ format, slope, intercept }: Slice): [number, number] {
  const { bitsStored, signed } = format;
  const low = signed ? -(2 ** (bitsStored - 1)) : 0;
  const high = signed ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1;
  return [low * slope + intercept, high * slope + intercept];
}
