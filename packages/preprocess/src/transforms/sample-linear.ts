import { type Shape3, type Volume, type VoxelArray, voxelCount } from '../volume.js';
import type { AxisTaps } from './axis-taps.js';

/** The taps of the three axes of a result. */
export type Taps = readonly [AxisTaps, AxisTaps, AxisTaps];

/**
 * Trilinear samples of every channel, one axis after the other: planes along D, rows along H, voxels along W. Each plane
 * of the input is turned into doubles once, so that the loops see one array type whatever the volume holds.
 */
export function sampleLinear(volume: Volume, shape: Shape3, [d, h, w]: Taps): Float32Array | Float64Array {
  const { data, channels } = volume;
  const length = voxelCount(shape) * channels;
  const result = data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  const width = volume.shape[2] * channels;
  const planes = new PlaneCache(data, volume.shape[1] * width);
  const row = new Float64Array(width);
  const across = { low: elements(w.low, channels), high: elements(w.high, channels), weight: w.weight };
  let next = 0;
  for (let i = 0; i < shape[0]; i += 1) {
    const plane = planes.blend(d.low[i] as number, d.high[i] as number, d.weight[i] as number);
    for (let j = 0; j < shape[1]; j += 1) {
      const [low, high] = [(h.low[j] as number) * width, (h.high[j] as number) * width];
      blend(plane, low, plane, high, h.weight[j] as number, row);
      next =
        channels === 1
          ? sampleRow(row, across, result, next)
          : sampleRows(row, across, channels, result, next);
    }
  }
  return result;
}

/** The last two planes of the input as doubles, and their blend. */
class PlaneCache {
  readonly #planes: readonly [Float64Array, Float64Array];
  readonly #held: [number, number] = [-1, -1];
  readonly #blended: Float64Array;

  constructor(
    private readonly data: VoxelArray,
    private readonly size: number,
  ) {
    this.#planes = [new Float64Array(size), new Float64Array(size)];
    this.#blended = new Float64Array(size);
  }

  /** `(1 - weight) * plane(low) + weight * plane(high)`; valid until the next call. */
  blend(low: number, high: number, weight: number): Float64Array {
    if (weight === 0 || low === high) return this.#plane(low, high);
    const first = this.#plane(low, high);
    blend(first, 0, this.#plane(high, low), 0, weight, this.#blended);
    return this.#blended;
  }

  #plane(index: number, kept: number): Float64Array {
    const found = this.#held.indexOf(index);
    if (found !== -1) return this.#planes[found as 0 | 1];
    const place = this.#held[0] === kept ? 1 : 0;
    this.#held[place] = index;
    this.#planes[place].set(this.data.subarray(index * this.size, (index + 1) * this.size));
    return this.#planes[place];
  }
}

/** Fills `result` with `(1 - weight) * a + weight * b`, the two starting at `aStart` and `bStart`. */
function blend(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  weight: number,
  result: Float64Array,
): void {
  const length = result.length;
  if (weight === 0) {
    result.set(a.subarray(aStart, aStart + length));
    return;
  }
  for (let i = 0; i < length; i += 1) {
    const from = a[aStart + i] as number;
    result[i] = from + weight * ((b[bStart + i] as number) - from);
  }
}

function sampleRow(
  row: Float64Array,
  { low, high, weight }: AxisTaps,
  result: Float32Array | Float64Array,
  start: number,
): number {
  const count = low.length;
  for (let k = 0; k < count; k += 1) {
    const from = row[low[k] as number] as number;
    result[start + k] = from + (weight[k] as number) * ((row[high[k] as number] as number) - from);
  }
  return start + count;
}

function sampleRows(
  row: Float64Array,
  { low, high, weight }: AxisTaps,
  channels: number,
  result: Float32Array | Float64Array,
  start: number,
): number {
  let next = start;
  for (let k = 0; k < low.length; k += 1) {
    const [left, right, share] = [low[k] as number, high[k] as number, weight[k] as number];
    for (let channel = 0; channel < channels; channel += 1, next += 1) {
      const from = row[left + channel] as number;
      result[next] = from + share * ((row[right + channel] as number) - from);
    }
  }
  return next;
}

function elements(indices: Int32Array, channels: number): Int32Array {
  return indices.map((index) => index * channels);
}
