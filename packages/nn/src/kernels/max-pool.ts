import * as tf from '@tensorflow/tfjs-core';
import type { Triple } from './convolution.js';

/**
 * The largest number of every block of `factor` voxels: [N, D, H, W, C] to [N, floor(D / factor), ...]; what is left over at the far ends is
 * dropped. Of equal numbers the first in order takes the gradient, as in PyTorch; TensorFlow's own gradient gives it to all of them and
 * takes six times as long.
 */
export function maxPool(x: tf.Tensor5D, factor: Triple): tf.Tensor5D {
  // The last axis first: the first of the firsts is the first in the order of memory.
  return [2, 1, 0].reduce((pooled, axis) => poolAxis(pooled, axis + 1, factor[axis] as number), x);
}

type Shape = tf.Tensor5D['shape'];

function poolAxis(x: tf.Tensor5D, axis: number, factor: number): tf.Tensor5D {
  if (factor === 1) return x;
  const blocks = Math.floor((x.shape[axis] as number) / factor);
  const sizes = x.shape.map((side, i) => (i === axis ? blocks * factor : side)) as Shape;
  const whole = sizes[axis] === x.shape[axis] ? x : tf.slice(x, [0, 0, 0, 0, 0], sizes);
  const inner = x.shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  const pooled = largestOf(factor)(tf.reshape(whole, [-1, factor * inner]));
  return tf.reshape(pooled, x.shape.map((side, i) => (i === axis ? blocks : side)) as Shape);
}

/** Rows of `factor` runs to the largest of the runs, place by place: [R, factor * inner] to [R, inner]. */
function largestOf(factor: number): (rows: tf.Tensor) => tf.Tensor {
  return tf.customGrad((...inputs) => {
    const [rows, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    const value = tf.split(rows, factor, 1).reduce((largest, run) => tf.maximum(largest, run));
    save([rows, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [given, largest] = saved as [tf.Tensor, tf.Tensor];
        return tf.tidy(() => tf.concat(shares(dy, tf.split(given, factor, 1), largest), 1));
      },
    };
  }) as (rows: tf.Tensor) => tf.Tensor;
}

/** What of `dy` each run gets: all of it where the run is the first to hold the largest number, else nothing. */
function shares(dy: tf.Tensor, runs: readonly tf.Tensor[], largest: tf.Tensor): tf.Tensor[] {
  const parts: tf.Tensor[] = [];
  let left = dy;
  for (const run of runs.slice(0, -1)) {
    const taken = tf.mul(left, tf.cast(tf.equal(run, largest), 'float32'));
    parts.push(taken);
    left = tf.sub(left, taken);
  }
  return [...parts, left];
}
