import { checkAxes, type Grid, type Sides } from './grid.js';
import { repeatAxis } from './repeat-axis.js';
import { weighAxis } from './weigh-axis.js';

/**
 * How a resize samples: `trilinear`, of images also called `bilinear`, between the centres of voxels (half-pixel; PyTorch's
 * `align_corners=False`), the same with `-corners` with the first and the last voxel kept in place (`align_corners=True`), `nearest` by the voxel
 * at floor(place * size / new size).
 */
export type ResizeMode = 'bilinear' | 'bilinear-corners' | 'trilinear' | 'trilinear-corners' | 'nearest';

/**
 * Samples [N, H, W, C] or [N, D, H, W, C] on a grid of these sides, axis by axis as a product with a matrix of weights, whose transpose is the exact
 * gradient; `nearest` at a whole multiple of a side copies voxels instead.
 * @throws NetworkError `wrong-rank`.
 */
export function resize<T extends Grid>(x: T, sides: Sides, mode: ResizeMode): T {
  checkAxes('resize', x, sides.length);
  // The last axis first: it is the cheapest while the others are small.
  return [...sides.keys()].reduceRight(
    (resized, axis) => resizeAxis(resized, axis + 1, sides[axis] as number, mode),
    x,
  );
}

function resizeAxis<T extends Grid>(x: T, axis: number, side: number, mode: ResizeMode): T {
  const from = x.shape[axis] as number;
  if (side === from) return x;
  return mode === 'nearest' && side % from === 0
    ? repeatAxis(x, axis, side / from)
    : weighAxis(x, axis, resizeWeights(from, side, mode), side);
}

/** Weights [to, from], row by row: how much of each old voxel goes into a new one. */
export function resizeWeights(from: number, to: number, mode: ResizeMode): Float32Array {
  const weights = new Float32Array(to * from);
  for (let place = 0; place < to; place++) {
    const source = sourceOf(place, from, to, mode);
    const below = Math.min(from - 1, Math.floor(source));
    const share = source - below;
    const above = Math.min(from - 1, below + 1);
    weights[place * from + below] = 1 - share;
    weights[place * from + above] = (weights[place * from + above] ?? 0) + share;
  }
  return weights;
}

function sourceOf(place: number, from: number, to: number, mode: ResizeMode): number {
  if (mode === 'nearest') return Math.floor((place * from) / to);
  if (mode.endsWith('-corners')) return to === 1 ? 0 : (place * (from - 1)) / (to - 1);
  return Math.max(0, ((place + 0.5) * from) / to - 0.5);
}
