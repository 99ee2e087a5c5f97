import * as tf from '@tensorflow/tfjs-core';
import { checkAxes, type Grid, type Sides } from './grid.js';
import { total } from './planes.js';

export interface MaxPoolOptions {
  /** Voxels from window to window. Default the windows' sides: they lie side by side. */
  readonly stride?: Sides;
  /** Voxels around the grid that are lower than any, at most half a window. Default 0. */
  readonly padding?: Sides;
}

/**
 * The largest number of every window of these sides: [N, H, W, C] or [N, D, H, W, C] to sides floor((side + 2 padding - window) / stride) + 1;
 * what is left over at the far ends is dropped. Of equal numbers the first in order takes the gradient, as in PyTorch; TensorFlow's own gradient
 * gives it to all of them and takes six times as long.
 * @throws NetworkError `wrong-rank`.
 */
export function maxPool<T extends Grid>(
  x: T,
  sides: Sides,
  { stride = sides, padding }: MaxPoolOptions = {},
): T {
  checkAxes('max pooling', x, sides.length);
  // The last axis first: the first of the firsts is the first in the order of memory.
  return [...sides.entries()].reduceRight((pooled, [axis, side]) => {
    const windows = { side, stride: stride[axis] as number, margin: padding?.[axis] ?? 0 };
    return poolAxis(pooled, axis + 1, windows);
  }, x);
}

/** Windows along one axis, in voxels. */
interface Windows {
  readonly side: number;
  readonly stride: number;
  readonly margin: number;
}

function poolAxis<T extends Grid>(x: T, axis: number, windows: Windows): T {
  if (windows.side === 1 && windows.stride === 1) return x;
  const side = x.shape[axis] as number;
  const inner = x.shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  const runs = new WindowRuns(windows, side, inner);
  const pooled = largestOf(runs)(tf.reshape(x as tf.Tensor, [-1, side, inner]));
  const shape = x.shape.map((each, i) => (i === axis ? runs.count : each));
  return tf.reshape<tf.Rank>(pooled, shape) as T;
}

/** [R, side, inner] to the largest of each window, place by place: [R, windows, inner]. */
function largestOf(runs: WindowRuns): (rows: tf.Tensor) => tf.Tensor {
  return tf.customGrad((...inputs) => {
    const [rows, save] = inputs as unknown as [tf.Tensor3D, tf.GradSaveFunc];
    const value = tf.tidy(() => runs.taps(rows).reduce((largest, tap) => tf.maximum(largest, tap)));
    save([rows, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [given, largest] = saved as [tf.Tensor3D, tf.Tensor3D];
        return tf.tidy(() => runs.gather(shares(dy, runs.taps(given), largest)));
      },
    };
  }) as (rows: tf.Tensor) => tf.Tensor;
}

/** What of `dy` each tap gets: all of it where it is the first to hold the largest number, else nothing. */
function shares(dy: tf.Tensor, taps: readonly tf.Tensor[], largest: tf.Tensor): tf.Tensor[] {
  const parts: tf.Tensor[] = [];
  let left = dy;
  for (const tap of taps.slice(0, -1)) {
    const taken = tf.mul(left, tf.cast(tf.equal(tap, largest), 'float32'));
    parts.push(taken);
    left = tf.sub(left, taken);
  }
  return [...parts, left];
}

/**
 * Rows [R, side, inner] as blocks of `stride` runs, so that the numbers at one place of all windows are a run of blocks in a row: a slice, where
 * strides over the axis would be slow.
 */
class WindowRuns {
  /** Windows along the axis. */
  readonly count: number;
  readonly #windows: Windows;
  readonly #side: number;
  readonly #inner: number;
  readonly #blocks: number;

  constructor(windows: Windows, side: number, inner: number) {
    this.count = Math.floor((side + 2 * windows.margin - windows.side) / windows.stride) + 1;
    this.#windows = windows;
    this.#side = side;
    this.#inner = inner;
    this.#blocks = this.count + Math.floor((windows.side - 1) / windows.stride);
  }

  /** The numbers at each place of the windows: [R, windows, inner] a place. */
  taps(rows: tf.Tensor3D): tf.Tensor3D[] {
    const { side, stride } = this.#windows;
    const blocks = tf.reshape(this.#padded(rows), [-1, this.#blocks, stride * this.#inner]) as tf.Tensor3D;
    return Array.from({ length: side }, (_, tap) => {
      const from: [number, number, number] = [0, Math.floor(tap / stride), (tap % stride) * this.#inner];
      return tf.slice(blocks, from, [-1, this.count, this.#inner]);
    });
  }

  /** The transpose of `taps`: what lies at each place of the windows, added up where it came from. */
  gather(taps: readonly tf.Tensor[]): tf.Tensor {
    const { stride, margin } = this.#windows;
    const runs = Array.from({ length: stride }, (_, run) => this.#run(taps, run));
    const rows = tf.reshape(tf.concat(runs, 2), [-1, this.#blocks * stride, this.#inner]) as tf.Tensor3D;
    const missing = Math.max(0, margin + this.#side - this.#blocks * stride);
    return tf.slice(padRows(rows, 0, missing, 0), [0, margin, 0], [-1, this.#side, this.#inner]);
  }

  /** With what is lower than any number around, as far as the last window reaches. */
  #padded(rows: tf.Tensor3D): tf.Tensor3D {
    const { stride, margin } = this.#windows;
    const beyond = this.#blocks * stride - margin - this.#side;
    const there = beyond < 0 ? tf.slice(rows, [0, 0, 0], [-1, this.#side + beyond, -1]) : rows;
    return padRows(there, margin, Math.max(0, beyond), Number.NEGATIVE_INFINITY);
  }

  /** One run of all blocks, in which the places that are a stride apart meet: [R, blocks, inner]. */
  #run(taps: readonly tf.Tensor[], run: number): tf.Tensor {
    const own = taps.flatMap((tap, place) => {
      if (place % this.#windows.stride !== run) return [];
      const before = Math.floor(place / this.#windows.stride);
      return [padRows(tap as tf.Tensor3D, before, this.#blocks - this.count - before, 0)];
    });
    return total(own.length > 0 ? own : [tf.zerosLike(taps[0] as tf.Tensor)]);
  }
}

function padRows(rows: tf.Tensor3D, before: number, after: number, value: number): tf.Tensor3D {
  if (before === 0 && after === 0) return rows;
  return tf.pad(
    rows,
    [
      [0, 0],
      [before, after],
      [0, 0],
    ],
    value,
  );
}
