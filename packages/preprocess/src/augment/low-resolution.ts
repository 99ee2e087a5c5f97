import { perAxis } from '../geometry/per-axis.js';
import type { Patch } from '../sampling/patch.js';
import { type AxisTaps, roundHalfEven } from '../transforms/axis-taps.js';
import { requireOnePerChannel } from './one-per-channel.js';
import { readChannel, writeChannel } from './patch-channel.js';

/**
 * Simulates a coarser scan: each channel is brought to `round(side * zoom)` voxels a side, nearest neighbour, and back,
 * trilinear, both aligned at the outer faces (nnU-Net v2; torch's `nearest-exact` and `trilinear`). Null leaves a
 * channel alone. Throws `channel-count`.
 */
export function lowResolutionPatch(patch: Patch, zooms: readonly (number | null)[]): Patch {
  requireOnePerChannel(patch, zooms);
  if (zooms.every((zoom) => zoom === null)) return patch;
  const { channels, size } = patch;
  const image = Float32Array.from(patch.image);
  for (const [channel, zoom] of zooms.entries()) {
    if (zoom === null) continue;
    const taps = perAxis((axis) => coarseTaps(size[axis], zoom));
    writeChannel(image, channels, channel, interpolate(readChannel(image, channels, channel), ...taps));
  }
  return { ...patch, image };
}

/** The two voxels of the full grid that the coarse grid kept on either side of each voxel, and the second's share. */
function coarseTaps(side: number, zoom: number): AxisTaps {
  const coarse = Math.max(1, roundHalfEven(side * zoom));
  const kept = Int32Array.from({ length: coarse }, (_, i) => Math.floor(((i + 0.5) * side) / coarse));
  const taps = { low: new Int32Array(side), high: new Int32Array(side), weight: new Float64Array(side) };
  for (let i = 0; i < side; i += 1) {
    const position = Math.max(0, ((i + 0.5) * coarse) / side - 0.5);
    const before = Math.floor(position);
    taps.low[i] = kept[before] as number;
    taps.high[i] = kept[Math.min(coarse - 1, before + 1)] as number;
    taps.weight[i] = position - before;
  }
  return taps;
}

function interpolate(values: Float32Array, d: AxisTaps, h: AxisTaps, w: AxisTaps): Float32Array {
  const result = new Float32Array(values.length);
  const [height, width] = [h.low.length, w.low.length];
  for (let i = 0; i < d.low.length; i += 1) {
    const near = (d.low[i] as number) * height;
    const far = (d.high[i] as number) * height;
    for (let j = 0; j < height; j += 1) {
      const rows = {
        a: (near + (h.low[j] as number)) * width,
        b: (near + (h.high[j] as number)) * width,
        c: (far + (h.low[j] as number)) * width,
        e: (far + (h.high[j] as number)) * width,
      };
      const weights = { d: d.weight[i] as number, h: h.weight[j] as number };
      blendRow(values, result, (i * height + j) * width, rows, weights, w);
    }
  }
  return result;
}

/** Fills one row of the result from the four rows around it. */
function blendRow(
  values: Float32Array,
  result: Float32Array,
  start: number,
  { a, b, c, e }: { readonly a: number; readonly b: number; readonly c: number; readonly e: number },
  weights: { readonly d: number; readonly h: number },
  w: AxisTaps,
): void {
  const wa = (1 - weights.d) * (1 - weights.h);
  const wb = (1 - weights.d) * weights.h;
  const wc = weights.d * (1 - weights.h);
  const we = weights.d * weights.h;
  for (let k = 0; k < w.low.length; k += 1) {
    const l = w.low[k] as number;
    const r = w.high[k] as number;
    const left =
      wa * (values[a + l] as number) +
      wb * (values[b + l] as number) +
      wc * (values[c + l] as number) +
      we * (values[e + l] as number);
    const right =
      wa * (values[a + r] as number) +
      wb * (values[b + r] as number) +
      wc * (values[c + r] as number) +
      we * (values[e + r] as number);
    result[start + k] = left + (w.weight[k] as number) * (right - left);
  }
}
