import { NetworkError } from '@bipvl/nn';
import type { Sides } from '../config.js';

/** How windows are laid over a volume. */
export interface WindowOptions {
  /** Sides of a window, in voxels. */
  readonly patch: Sides;
  /** Share of a window that the next one covers again, in [0, 1), one number or one an axis. */
  readonly overlap: number | readonly [number, number, number];
}

/**
 * Where the windows start along one axis: steps of floor(patch * (1 - overlap)), at least 1, the last clamped to the border (MONAI's
 * `dense_patch_slices`). An axis no longer than the patch has one window.
 */
export function windowStarts(side: number, patch: number, overlap: number): number[] {
  requireOverlap(overlap);
  if (side <= patch) return [0];
  const step = Math.max(1, Math.floor(patch * (1 - overlap)));
  const count = Math.ceil((side - patch) / step) + 1;
  return Array.from({ length: count }, (_, i) => Math.min(i * step, side - patch));
}

/** Corners of all windows over a volume of these sides, the last axis fastest. */
export function windowCorners(
  shape: readonly [number, number, number],
  { patch, overlap }: WindowOptions,
): Sides[] {
  const shares = typeof overlap === 'number' ? [overlap, overlap, overlap] : overlap;
  const [d, h, w] = shape.map((side, axis) =>
    windowStarts(side, patch[axis] as number, shares[axis] as number),
  ) as [number[], number[], number[]];
  return d.flatMap((first) => h.flatMap((second) => w.map((third): Sides => [first, second, third])));
}

/** Throws NetworkError `bad-overlap` for a share outside [0, 1). */
export function requireOverlap(overlap: number): void {
  if (overlap >= 0 && overlap < 1) return;
  throw new NetworkError(
    'bad-overlap',
    `the overlap of windows must be at least 0 and below 1, received ${overlap}`,
    { hint: 'use 0.5, or 0.25 for speed' },
  );
}
