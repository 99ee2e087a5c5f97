import { encode } from 'fast-png';

/** Intensities shown as black and as white. */
export type Window = readonly [low: number, high: number];

/** A slice as a function of its cell, with the size of a cell in picture pixels. */
export interface SampledSlice {
  readonly columns: number;
  readonly rows: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly value: (column: number, row: number) => number;
}

const largestSample = 100_000;

/** The 1st and 99th percentile of the finite intensities, estimated from at most 100,000 evenly spread voxels. */
export function percentileWindow(data: ArrayLike<number>, channels = 1): Window {
  const voxels = Math.floor(data.length / channels);
  const stride = Math.max(1, Math.ceil(voxels / largestSample));
  const sample: number[] = [];
  for (let voxel = 0; voxel < voxels; voxel += stride) {
    const value = data[voxel * channels];
    if (value !== undefined && Number.isFinite(value)) sample.push(value);
  }
  sample.sort((a, b) => a - b);
  const at = (part: number): number => sample[Math.round(part * (sample.length - 1))] ?? 0;
  const low = at(0.01);
  const high = at(0.99);
  return high > low ? [low, high] : [low, low + 1];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function bilinear(slice: SampledSlice, column: number, row: number): number {
  const left = clamp(Math.floor(column), 0, slice.columns - 1);
  const top = clamp(Math.floor(row), 0, slice.rows - 1);
  const right = Math.min(left + 1, slice.columns - 1);
  const bottom = Math.min(top + 1, slice.rows - 1);
  const across = clamp(column - left, 0, 1);
  const down = clamp(row - top, 0, 1);
  const upper = slice.value(left, top) * (1 - across) + slice.value(right, top) * across;
  const lower = slice.value(left, bottom) * (1 - across) + slice.value(right, bottom) * across;
  return upper * (1 - down) + lower * down;
}

function greyLevel(value: number, [low, high]: Window): number {
  return Number.isFinite(value) ? clamp(Math.round(((value - low) / (high - low)) * 255), 0, 255) : 0;
}

/** Draws a slice as a grey 8-bit PNG of `width x height` pixels, bilinear between voxel centres. */
export function drawSlice(slice: SampledSlice, width: number, height: number, window: Window): Uint8Array {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (y + 0.5) / slice.cellHeight - 0.5;
    for (let x = 0; x < width; x++) {
      const column = (x + 0.5) / slice.cellWidth - 0.5;
      data[y * width + x] = greyLevel(bilinear(slice, column, row), window);
    }
  }
  return encode({ width, height, data, depth: 8, channels: 1 });
}
