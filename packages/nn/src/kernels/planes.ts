import * as tf from '@tensorflow/tfjs-core';
import { samples } from './samples.js';

/** One view [D, H, W, C] a sample. */
export function volumes(x: tf.Tensor5D): tf.Tensor4D[] {
  const [, ...sides] = x.shape;
  return samples(x).map((sample) => tf.reshape(sample, sides));
}

/** The planes [kh, kw, C, 1] of a filter [kd, kh, kw, 1, C], as the 2-D convolution takes them. */
export function filterPlanes(filter: tf.Tensor5D): tf.Tensor4D[] {
  const [kernel, height, width, , channels] = filter.shape;
  const flat = tf.reshape(filter, [kernel, -1]);
  return Array.from({ length: kernel }, (_, k) =>
    tf.reshape(tf.slice(flat, [k, 0], [1, -1]), [height, width, channels, 1]),
  );
}

/** `count` planes from `first` on, zeros where the volume has none, with zeros around each. */
export function planeWindow(
  volume: tf.Tensor4D,
  first: number,
  count: number,
  [rows, columns]: readonly [number, number] = [0, 0],
): tf.Tensor4D {
  const [depth, ...plane] = volume.shape;
  const from = Math.min(Math.max(0, first), depth);
  const to = Math.min(Math.max(from, first + count), depth);
  if (from === to)
    return tf.zeros([count, plane[0] + 2 * rows, plane[1] + 2 * columns, plane[2]]) as tf.Tensor4D;
  const there = tf.slice(volume, [from, 0, 0, 0], [to - from, ...plane]);
  const before = Math.min(Math.max(0, -first), count);
  const after = count - before - (to - from);
  if (before === 0 && after === 0 && rows === 0 && columns === 0) return there;
  return tf.pad(there, [
    [before, after],
    [rows, rows],
    [columns, columns],
    [0, 0],
  ]);
}

/** Every `stride`-th of `count * stride` planes from `first` on; a view of the same memory where the stride is 1. */
export function stridedPlanes(
  volume: tf.Tensor4D,
  first: number,
  count: number,
  stride: number,
): tf.Tensor4D {
  const [, ...plane] = volume.shape;
  const run = tf.slice(volume, [first, 0, 0, 0], [count * stride, ...plane]);
  if (stride === 1) return run;
  // The first of each run of planes; `tf.stridedSlice` takes thirty times as long.
  return tf.reshape(tf.slice(tf.reshape(run, [count, stride, -1]), [0, 0, 0], [count, 1, -1]), [
    count,
    ...plane,
  ]);
}

/**
 * Bounds what an operation holds beside its result, a slab for each plane of the filter. On two cores larger slabs are faster: 48^3 x 64 and 3x3x3
 * took 27, 21 and 18 ms with 2, 8 and 32 MiB.
 */
const slabBytes = 32 * 2 ** 20;

/** Runs of planes [from, to) of which each holds about `slabBytes`. */
export function slabs(depth: number, valuesPerPlane: number): [from: number, to: number][] {
  const size = Math.max(1, Math.ceil(slabBytes / (4 * valuesPerPlane)));
  return Array.from({ length: Math.ceil(depth / size) }, (_, index) => [
    index * size,
    Math.min(depth, (index + 1) * size),
  ]);
}

/** The sum of tensors of one shape. */
export function total(parts: readonly tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.addN([...parts]);
}
