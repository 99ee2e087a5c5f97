import { PreprocessError } from '../errors.js';
import type { Volume, VoxelArray } from '../volume.js';

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
  const { nonZero = false, perChannel = true } = options;
  const result = Float32Array.from(volume.data);
  const step = perChannel ? volume.channels : 1;
  for (let first = 0; first < step; first += 1) {
    const { mean, deviation } = statistics(volume.data, first, step, nonZero);
    for (let i = first; i < result.length; i += step) {
      const value = volume.data[i] as number;
      if (!nonZero || value !== 0) result[i] = (value - mean) / deviation;
    }
  }
  return { ...volume, data: result };
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
  const { low, high, outLow = 0, outHigh = 1, clip = true } = options;
  if (!(high > low)) {
    throw new PreprocessError('bad-window', `window [${low}, ${high}] is empty`, {
      kind: 'usage',
      hint: 'give low below high, e.g. [-175, 250] HU for the abdomen',
    });
  }
  const factor = (outHigh - outLow) / (high - low);
  const result = new Float32Array(volume.data.length);
  for (let i = 0; i < result.length; i += 1) {
    const value = volume.data[i] as number;
    const kept = clip ? Math.min(high, Math.max(low, value)) : value;
    result[i] = outLow + (kept - low) * factor;
  }
  return { ...volume, data: result };
}

/** Mean and population deviation of every `step`-th value from `first`, in two passes of doubles. */
function statistics(
  data: VoxelArray,
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
  data: VoxelArray,
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
