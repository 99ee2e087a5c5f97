import { NetworkError } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Sides of the windows on a grid: for each axis the largest divisor of its side that is at most `largest`. */
export function windowSides(grid: readonly number[], largest: number): number[] {
  return grid.map((side) => {
    if (side <= largest) return side;
    const divisors = Array.from({ length: largest }, (_, i) => largest - i).filter(
      (window) => side % window === 0,
    );
    // A window of one voxel sees nothing but itself.
    if ((divisors[0] ?? 1) === 1) throw indivisible(grid, largest);
    return divisors[0] as number;
  });
}

/**
 * Grid [B, D, H, W, C] to windows [B * windows, a * b * c, C], in steps of rank 5 because several kernels stop at rank 6.
 * The windows [a, b, c] must divide the grid.
 */
export function partition(x: tf.Tensor5D, [a, b, c]: readonly [number, number, number]): tf.Tensor3D {
  const [batch, depth, height, width, channels] = x.shape;
  const planes = tf.reshape(x, [batch * (depth / a), a, height / b, b, width * channels]);
  const columns = tf.reshape(tf.transpose(planes, [0, 2, 1, 3, 4]), [-1, a * b, width / c, c, channels]);
  return tf.reshape(tf.transpose(columns, [0, 2, 1, 3, 4]), [-1, a * b * c, channels]);
}

/** The inverse of `partition` for a grid of the given shape. */
export function unpartition(
  windows: tf.Tensor,
  shape: readonly number[],
  [a, b, c]: readonly [number, number, number],
): tf.Tensor5D {
  const [batch, depth, height, width, channels] = shape as [number, number, number, number, number];
  const columns = tf.transpose(tf.reshape(windows, [-1, width / c, a * b, c, channels]), [0, 2, 1, 3, 4]);
  const planes = tf.reshape(columns, [batch * (depth / a), height / b, a, b, width * channels]);
  return tf.reshape(tf.transpose(planes, [0, 2, 1, 3, 4]), [batch, depth, height, width, channels]);
}

function indivisible(grid: readonly number[], largest: number): NetworkError {
  return new NetworkError(
    'window-does-not-fit',
    `no window of 2 to ${largest} voxels divides the grid [${grid}]`,
    {
      hint: 'use a patch whose grid at this site has sides divisible by 2, 3 or 5, or set fusion.visionSelfAttention to "dense" or "none"',
    },
  );
}
