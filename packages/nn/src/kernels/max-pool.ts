import * as tf from '@tensorflow/tfjs-core';
import { checkAxes, type Grid, type Sides } from './grid.js';

/**
 * The largest number of every block of `factor` voxels: [N, H, W, C] or [N, D, H, W, C] to sides floor(side / factor); what is left over at the
 * far ends is dropped. Of equal numbers the first in order takes the gradient, as in PyTorch; TensorFlow's own gradient gives it to all of them and
 * takes six times as long.
 * @throws NetworkError `wrong-rank`.
 */
export function maxPool<T extends Grid>(x: T, factor: Sides): T {
  checkAxes('max pooling', x, factor.length);
  // The last axis first: the first of the firsts is the first in the order of memory.
  return [...factor.keys()].reduceRight(
    (pooled, axis) => poolAxis(pooled, axis + 1, factor[axis] as number),
    x,
  );
}

function poolAxis<T extends Grid>(x: T, axis: number, factor: number): T {
  if (factor === 1) return x;
  const blocks = Math.floor((x.shape[axis] as number) / factor);
  const sizes = x.shape.map((side, i) => (i === axis ? blocks * factor : side));
  const origin = sizes.map(() => 0);
  const whole = sizes[axis] === x.shape[axis] ? x : tf.slice(x as tf.Tensor, origin, sizes);
  const inner = x.shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  const pooled = largestOf(factor)(tf.reshape(whole, [-1, factor * inner]));
  return tf.reshape<tf.Rank>(
    pooled,
    x.shape.map((side, i) => (i === axis ? blocks : side)),
  ) as T;
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
