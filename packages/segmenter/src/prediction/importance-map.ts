import type { Sides } from '../config.js';

/** Weights that never vanish, so that every voxel is divided by something. */
const least = 1e-3;

/**
 * How much each voxel of a window counts, C-order [D, H, W]: 1 everywhere, or a Gaussian around the centre with a standard deviation of an
 * eighth of each side, clamped from below (MONAI's compute_importance_map).
 */
export function importanceMap(
  patch: Sides,
  blending: 'constant' | 'gaussian',
  deviation = 0.125,
): Float32Array {
  const map = new Float32Array(patch[0] * patch[1] * patch[2]).fill(1);
  if (blending === 'constant') return map;
  const [d, h, w] = patch.map((side) => gaussian(side, deviation * side)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let at = 0;
  for (const first of d)
    for (const second of h) for (const third of w) map[at++] = Math.max(least, first * second * third);
  return map;
}

function gaussian(side: number, deviation: number): Float64Array {
  return Float64Array.from({ length: side }, (_, i) =>
    Math.exp(-(((i - (side - 1) / 2) / deviation) ** 2) / 2),
  );
}
