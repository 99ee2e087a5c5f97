import type { Vector3 } from '../geometry/affine.js';
import type { Patch } from '../sampling/patch.js';
import { gaussianKernel } from './gaussian-kernel.js';
import { requireOnePerChannel } from './one-per-channel.js';
import { readChannel, writeChannel } from './patch-channel.js';
import { reflect } from './reflect.js';

/**
 * Blurs each channel with a separable Gaussian, `sigmas` in voxels along D, H and W; null leaves a channel alone,
 * 0 an axis. The kernel ends at `floor(4 * sigma + 0.5)` voxels and the image reflects about its outer faces
 * (scipy.ndimage.gaussian_filter). Throws `channel-count`.
 */
export function blurPatch(patch: Patch, sigmas: readonly (Vector3 | null)[]): Patch {
  requireOnePerChannel(patch, sigmas);
  if (sigmas.every((sigma) => sigma === null)) return patch;
  const { channels, size } = patch;
  const image = Float32Array.from(patch.image);
  for (const [channel, sigma] of sigmas.entries()) {
    if (sigma === null) continue;
    let values = readChannel(image, channels, channel);
    values = blurAxis(values, 1, size[0], size[1] * size[2], sigma[0]);
    values = blurAxis(values, size[0], size[1], size[2], sigma[1]);
    values = blurAxis(values, size[0] * size[1], size[2], 1, sigma[2]);
    writeChannel(image, channels, channel, values);
  }
  return { ...patch, image };
}

/** Blurs the middle axis of a `[outer, side, inner]` block. */
function blurAxis(
  values: Float32Array,
  outer: number,
  side: number,
  inner: number,
  sigma: number,
): Float32Array {
  const kernel = gaussianKernel(sigma);
  if (kernel.length === 1) return values;
  const result = new Float32Array(values.length);
  if (inner === 1) {
    blurRows(values, result, side, kernel);
    return result;
  }
  const sums = new Float64Array(inner);
  for (let block = 0; block < outer; block += 1) {
    for (let i = 0; i < side; i += 1) {
      sumLines(values, block * side * inner, side, i, kernel, sums);
      result.set(sums, (block * side + i) * inner);
    }
  }
  return result;
}

/** Sums the lines around line `i` of a block, weighted by the kernel; a line is `sums.length` values long. */
function sumLines(
  values: Float32Array,
  start: number,
  side: number,
  i: number,
  kernel: Float64Array,
  sums: Float64Array,
): void {
  const radius = (kernel.length - 1) / 2;
  sums.fill(0);
  for (let tap = -radius; tap <= radius; tap += 1) {
    const weight = kernel[tap + radius] as number;
    const line = start + reflect(i + tap, side) * sums.length;
    for (let k = 0; k < sums.length; k += 1)
      sums[k] = (sums[k] as number) + weight * (values[line + k] as number);
  }
}

/** Blurs along rows that lie one after the other, each copied between its reflections first. */
function blurRows(values: Float32Array, result: Float32Array, side: number, kernel: Float64Array): void {
  const radius = (kernel.length - 1) / 2;
  const padded = new Float64Array(side + 2 * radius);
  const source = Int32Array.from(padded, (_, i) => reflect(i - radius, side));
  for (let row = 0; row < values.length; row += side) {
    for (let i = 0; i < padded.length; i += 1) padded[i] = values[row + (source[i] as number)] as number;
    for (let i = 0; i < side; i += 1) {
      let sum = 0;
      for (let tap = 0; tap < kernel.length; tap += 1)
        sum += (kernel[tap] as number) * (padded[i + tap] as number);
      result[row + i] = sum;
    }
  }
}
