import * as tf from '@tensorflow/tfjs-core';
import type { Triple } from './grid.js';
import { filterPlanes, planeWindow, total, volumes } from './planes.js';
import { together } from './samples.js';

/**
 * The transpose of a depthwise correlation, on a grid of these sides, without a gradient: x(stride p + t) += y(p) filter(t). Planes whose places leave the
 * same remainder by the stride come from the same planes of the filter; each remainder is summed by itself, and they are interleaved at the end.
 */
export function spread(
  y: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: number,
  [depth, height, width]: Triple,
): tf.Tensor5D {
  const filters = filterPlanes(filter);
  const taps = Math.ceil(filters.length / stride);
  const count = y.shape[1] + taps - 1;
  const inputShape = [count, height, width, y.shape[4]] as [number, number, number, number];
  const parts = volumes(y).map((volume) => {
    const remainders = Array.from({ length: stride }, (_, remainder) => {
      const own = filters.filter((_plane, k) => k % stride === remainder);
      if (own.length === 0) return tf.zeros(inputShape);
      return total(
        own.map((plane, tap) => spreadPlanes(planeWindow(volume, -tap, count), plane, stride, inputShape)),
      );
    });
    return interleave(remainders as tf.Tensor4D[], depth);
  });
  return together(parts, [y.shape[0], depth, height, width, y.shape[4]]) as tf.Tensor5D;
}

/** Planes of one remainder each, in turn, as many as asked for: those beyond the last are zero. */
function interleave(remainders: readonly tf.Tensor4D[], depth: number): tf.Tensor4D {
  const [first] = remainders as [tf.Tensor4D];
  const [count, ...plane] = first.shape;
  const all =
    remainders.length === 1
      ? first
      : (tf.reshape(tf.stack([...remainders], 1), [count * remainders.length, ...plane]) as tf.Tensor4D);
  return planeWindow(all, 0, depth);
}

function spreadPlanes(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  strides: number,
  inputShape: readonly number[],
): tf.Tensor {
  const attributes = { strides, pad: 'valid', dilations: 1, inputShape: [...inputShape] };
  return tf.engine().runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, attributes) as tf.Tensor;
}
