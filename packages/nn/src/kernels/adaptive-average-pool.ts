import type * as tf from '@tensorflow/tfjs-core';
import { weighAxis } from './weigh-axis.js';

/**
 * Means over as many windows along each axis as `grid` has: x [N, ...sides, C] to [N, ...grid, C]. Window k of n voxels along an axis of G
 * windows reaches from floor(k n / G) to ceil((k + 1) n / G), so that neighbours overlap where G does not divide n (PyTorch's
 * AdaptiveAvgPool). `grid` has one entry a side.
 */
export function adaptiveAveragePool<T extends tf.Tensor>(x: T, grid: readonly number[]): T {
  // The first axis first: it is one product a sample, and leaves little for the others.
  return grid.reduce((pooled, windows, index) => poolAxis(pooled, index + 1, windows), x);
}

function poolAxis<T extends tf.Tensor>(x: T, axis: number, windows: number): T {
  const side = x.shape[axis] as number;
  return windows === side ? x : weighAxis(x, axis, poolWeights(side, windows), windows);
}

/** Weights [windows, side], row by row: the share of each voxel in the mean of a window. */
function poolWeights(side: number, windows: number): Float32Array {
  const weights = new Float32Array(windows * side);
  for (let window = 0; window < windows; window++) {
    const start = Math.floor((window * side) / windows);
    const end = Math.ceil(((window + 1) * side) / windows);
    weights.fill(1 / (end - start), window * side + start, window * side + end);
  }
  return weights;
}
