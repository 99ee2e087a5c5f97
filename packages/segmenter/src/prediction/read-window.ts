import type { Sides } from '../config.js';

/** An image in memory: C-order [D, H, W, C]. */
export interface ImageArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly [number, number, number];
  readonly channels: number;
}

/** What stands outside an image: zeros, or the image mirrored at its border voxels. */
export type Padding = 'zeros' | 'reflect';

const outside = -1;

/** The voxels of the window at `origin`, C-order [D, H, W, C]; the window may reach beyond the image. */
export function readWindow(image: ImageArray, origin: Sides, patch: Sides, padding: Padding): Float32Array {
  const { data, shape, channels } = image;
  const window = new Float32Array(patch[0] * patch[1] * patch[2] * channels);
  const [ds, hs, ws] = patch.map((side, axis) =>
    sources(origin[axis] as number, side, shape[axis] as number, padding),
  ) as [Int32Array, Int32Array, Int32Array];
  let to = 0;
  for (const d of ds) {
    for (const h of hs) {
      const row = d === outside || h === outside ? outside : (d * shape[1] + h) * shape[2];
      for (const w of ws) {
        const from = (row + w) * channels;
        if (row !== outside && w !== outside)
          for (let c = 0; c < channels; c++) window[to + c] = data[from + c] as number;
        to += channels;
      }
    }
  }
  return window;
}

/** Which index of the image each index of the window reads, along one axis. */
function sources(start: number, length: number, side: number, padding: Padding): Int32Array {
  return Int32Array.from({ length }, (_, i) => {
    const at = start + i;
    if (at >= 0 && at < side) return at;
    return padding === 'zeros' ? outside : reflected(at, side);
  });
}

/** Mirrors an index at the centres of the border voxels, as often as it takes. */
function reflected(at: number, side: number): number {
  if (side === 1) return 0;
  const period = 2 * (side - 1);
  const within = ((at % period) + period) % period;
  return within < side ? within : period - within;
}
