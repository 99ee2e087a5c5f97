import { PreprocessError } from '../errors.js';
import { columnsOf, fromColumns, originOf, scaled, spacing, type Vector3 } from '../geometry/affine.js';
import { perAxis } from '../geometry/per-axis.js';
import { allocateLike, type Shape3, sameShape, type Volume, type VoxelArray, voxelCount } from '../volume.js';
import { type AxisTaps, linearTaps, nearestTaps, roundHalfEven } from './axis-taps.js';

/** How values between voxels are found: `linear` for images, `nearest` for labels. */
export type Interpolation = 'linear' | 'nearest';

/** MONAI calls two affines equal when no entry differs by more than this (mm). */
const AFFINE_TOLERANCE = 1e-3;

/**
 * Resamples to `target` mm along D, H and W; an entry of 0 or less keeps the present spacing. MONAI's conventions:
 * the first voxel stays where it is, each side becomes `round((n - 1) * old / new + 1)` with halves to even, values
 * beyond the last voxel repeat it. `linear` gives a float array, `nearest` keeps the array type.
 */
export function resample(volume: Volume, target: Vector3, interpolation: Interpolation): Volume {
  checkSpacing(target);
  const old = spacing(volume.affine);
  const steps = perAxis((axis) => (target[axis] > 0 ? target[axis] / old[axis] : 1));
  const shape = perAxis((axis) => roundHalfEven((volume.shape[axis] - 1) / steps[axis] + 1));
  if (unchanged(volume, steps, shape)) return volume;
  return resampleGrid(volume, steps, shape, interpolation);
}

/**
 * Resamples onto a grid of `shape` that starts at the same first voxel and steps by `steps` voxels of the input:
 * the general form behind `resample`, and its own inverse with `1 / steps`.
 */
export function resampleGrid(
  volume: Volume,
  steps: Vector3,
  shape: Shape3,
  interpolation: Interpolation,
): Volume {
  const taps = interpolation === 'linear' ? linearTaps : nearestTaps;
  const [d, h, w] = perAxis((axis) => taps(volume.shape[axis], steps[axis], shape[axis]));
  const sample = interpolation === 'linear' ? sampleLinear : sampleNearest;
  const columns = columnsOf(volume.affine);
  return {
    data: sample(volume, shape, d, h, w),
    shape,
    channels: volume.channels,
    affine: fromColumns(
      perAxis((axis) => scaled(columns[axis], steps[axis])),
      originOf(volume.affine),
    ),
  };
}

function checkSpacing(target: Vector3): void {
  if (target.length === 3 && target.every(Number.isFinite)) return;
  throw new PreprocessError('bad-spacing', `spacing [${target.join(', ')}] is not three numbers in mm`, {
    kind: 'usage',
    hint: 'give three spacings in mm, 0 to keep one as it is',
  });
}

function unchanged(volume: Volume, steps: Vector3, shape: Shape3): boolean {
  const columns = columnsOf(volume.affine);
  const changes = perAxis((axis) => Math.max(...columns[axis].map((mm) => Math.abs(mm * (steps[axis] - 1)))));
  return sameShape(volume.shape, shape) && Math.max(...changes) <= AFFINE_TOLERANCE;
}

function sampleLinear(volume: Volume, shape: Shape3, d: AxisTaps, h: AxisTaps, w: AxisTaps): VoxelArray {
  const { data, channels } = volume;
  const length = voxelCount(shape) * channels;
  const result = data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  const [planeStride, rowStride] = [volume.shape[1] * volume.shape[2] * channels, volume.shape[2] * channels];
  let next = 0;
  for (let i = 0; i < shape[0]; i += 1) {
    for (let j = 0; j < shape[1]; j += 1) {
      const rows = {
        low: (d.low[i] as number) * planeStride,
        high: (d.high[i] as number) * planeStride,
        weight: d.weight[i] as number,
        rowLow: (h.low[j] as number) * rowStride,
        rowHigh: (h.high[j] as number) * rowStride,
        rowWeight: h.weight[j] as number,
      };
      next = blendRow(data, result, next, rows, w, shape[2], channels);
    }
  }
  return result;
}

interface Rows {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
  readonly rowLow: number;
  readonly rowHigh: number;
  readonly rowWeight: number;
}

/** Fills one row of the result from the four rows of the input around it. */
function blendRow(
  data: VoxelArray,
  result: Float32Array | Float64Array,
  start: number,
  rows: Rows,
  w: AxisTaps,
  width: number,
  channels: number,
): number {
  const [a, b] = [rows.low + rows.rowLow, rows.low + rows.rowHigh];
  const [c, e] = [rows.high + rows.rowLow, rows.high + rows.rowHigh];
  const [wc, wr] = [rows.weight, rows.rowWeight];
  const [wa, wb, wcc, we] = [(1 - wc) * (1 - wr), (1 - wc) * wr, wc * (1 - wr), wc * wr];
  let next = start;
  for (let k = 0; k < width; k += 1) {
    const low = (w.low[k] as number) * channels;
    const high = (w.high[k] as number) * channels;
    const weight = w.weight[k] as number;
    for (let channel = 0; channel < channels; channel += 1) {
      const l = low + channel;
      const r = high + channel;
      const left =
        wa * (data[a + l] as number) +
        wb * (data[b + l] as number) +
        wcc * (data[c + l] as number) +
        we * (data[e + l] as number);
      const right =
        wa * (data[a + r] as number) +
        wb * (data[b + r] as number) +
        wcc * (data[c + r] as number) +
        we * (data[e + r] as number);
      result[next] = left + weight * (right - left);
      next += 1;
    }
  }
  return next;
}

function sampleNearest(volume: Volume, shape: Shape3, d: AxisTaps, h: AxisTaps, w: AxisTaps): VoxelArray {
  const { data, channels } = volume;
  const result = allocateLike(data, voxelCount(shape) * channels);
  let next = 0;
  for (let i = 0; i < shape[0]; i += 1) {
    for (let j = 0; j < shape[1]; j += 1) {
      const row = ((d.low[i] as number) * volume.shape[1] + (h.low[j] as number)) * volume.shape[2];
      for (let k = 0; k < shape[2]; k += 1) {
        const from = (row + (w.low[k] as number)) * channels;
        for (let channel = 0; channel < channels; channel += 1, next += 1)
          result[next] = data[from + channel] as number;
      }
    }
  }
  return result;
}
