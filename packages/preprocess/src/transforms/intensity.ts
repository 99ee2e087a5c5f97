import { PreprocessError } from '../errors.js';
import type { Volume } from '../volume.js';

/** Which voxels the mean and deviation are taken over. */
export interface NormaliseOptions {
  /** Only voxels that are not 0 count and change; zeros stay 0. Default false. */
  readonly nonZero?: boolean;
  /** Each channel by its own mean and deviation (default), or all by one. */
  readonly perChannel?: boolean;
}

/**
 * z-score: `(x - mean) / deviation`, with the population deviation, 1 where it is 0 (MONAI's NormalizeIntensity).
 * Returns float32 values. Throws `not-finite` when a voxel is NaN or infinite.
 */
export function normaliseIntensity(volume: Volume, options: NormaliseOptions = {}): Volume<Float32Array> {
  return { ...volume, data: normaliseValues(new Float32Array(volume.data), volume.channels, options) };
}

/** As `normaliseIntensity`, changing `values` in place. */
export function normaliseValues(
  values: Float32Array,
  channels: number,
  options: NormaliseOptions = {},
): Float32Array {
  const { nonZero = false, perChannel = true } = options;
  const step = perChannel ? channels : 1;
  for (let first = 0; first < step; first += 1) {
    const { mean, deviation } = statistics(values, first, step, nonZero);
    for (let i = first; i < values.length; i += step) {
      const value = values[i] as number;
      if (!nonZero || value !== 0) values[i] = (value - mean) / deviation;
    }
  }
  return values;
}

/** A linear map of intensities: `[low, high]` to `[outLow, outHigh]`. */
export interface WindowOptions {
  readonly low: number;
  readonly high: number;
  /** Default 0. */
  readonly outLow?: number;
  /** Default 1. */
  readonly outHigh?: number;
  /** Values outside the window become its ends. Default true. */
  readonly clip?: boolean;
}

/** Maps a window of intensities (HU in CT) to `[0, 1]`, clipping what is outside. Returns float32 values. */
export function windowIntensity(volume: Volume, options: WindowOptions): Volume<Float32Array> {
  return { ...volume, data: windowValues(new Float32Array(volume.data), options) };
}

/** As `windowIntensity`, changing `values` in place. */
export function windowValues(values: Float32Array, options: WindowOptions): Float32Array {
  const { low, high, outLow = 0, outHigh = 1, clip = true } = options;
  if (!(high > low)) {
    throw new PreprocessError('bad-window', `window [${low}, ${high}] is empty`, {
      kind: 'usage',
      hint: 'give low below high, e.g. [-175, 250] HU for the abdomen',
    });
  }
  const factor = (outHigh - outLow) / (high - low);
  for (let i = 0; i < values.length; i += 1) {
    let value = values[i] as number;
    if (clip) value = value < low ? low : value > high ? high : value;
    values[i] = outLow + (value - low) * factor;
  }
  return values;
}

/** Mean and population deviation of every `step`-th value from `first`, in two passes of doubles. */
function statistics(
  data: Float32Array,
  first: number,
  step: number,
  nonZero: boolean,
): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (let i = first; i < data.length; i += step) {
    const value = data[i] as number;
    if (nonZero && value === 0) continue;
    count += 1;
    sum += value;
  }
  if (!Number.isFinite(sum)) throw notFinite();
  const mean = count === 0 ? 0 : sum / count;
  const deviation = Math.sqrt(squaredDistance(data, first, step, nonZero, mean) / Math.max(1, count));
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}

function squaredDistance(
  data: Float32Array,
  first: number,
  step: number,
  nonZero: boolean,
  mean: number,
): number {
  let sum = 0;
  for (let i = first; i < data.length; i += step) {
    const value = data[i] as number;
    if (!nonZero || value !== 0) sum += (value - mean) ** 2;
  }
  return sum;
}

function notFinite(): PreprocessError {
  return new PreprocessError('not-finite', 'the volume has NaN or infinite voxels, its mean is undefined', {
    kind: 'data',
    hint: 'run the dataset check to find the file, and replace those voxels',
  });
}
