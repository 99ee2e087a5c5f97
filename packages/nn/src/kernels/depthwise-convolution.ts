import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { correlate } from './depthwise-correlation.js';
import { filterGradient } from './depthwise-filter-gradient.js';
import { spread } from './depthwise-spread.js';
import { cropSpatially, type Triple } from './grid.js';

/**
 * 3-D convolution of every channel with a filter of its own, zeros padded on both sides of every axis.
 * x [N, D, H, W, C], filter [kd, kh, kw, 1, C]; sides become floor((side + 2 padding - kernel) / stride) + 1. No backend has this in
 * 3-D: it is a sum over the planes of the filter of 2-D depthwise convolutions of the planes of the volume, which are fast. A filter along
 * one axis alone is a single 2-D one.
 * @throws NetworkError `wrong-channels`
 */
export function convolveDepthwise(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: number,
  padding: Triple,
): tf.Tensor5D {
  checkChannels(x, filter);
  const [kernel, height, width] = filter.shape;
  const isAlongDepth = kernel > 1 && height === 1 && width === 1 && padding[1] === 0 && padding[2] === 0;
  return isAlongDepth && stride === 1
    ? alongDepth(x, filter, padding[0])
    : forwardKernel(stride, padding)(x, filter);
}

/**
 * The transpose of `convolveDepthwise`: sides become (side - 1) stride - 2 padding + kernel.
 * x [N, D, H, W, C], filter [kd, kh, kw, 1, C].
 * @throws NetworkError `wrong-channels`
 */
export function convolveDepthwiseTransposed(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: number,
  padding: Triple,
): tf.Tensor5D {
  checkChannels(x, filter);
  return cropSpatially(transposedKernel(stride)(x, filter), padding, padding);
}

type Kernel = (x: tf.Tensor5D, filter: tf.Tensor5D) => tf.Tensor5D;

/** Along D alone: along the rows of one plane [D, H * W]. */
function alongDepth(x: tf.Tensor5D, filter: tf.Tensor5D, padding: number): tf.Tensor5D {
  const [count, depth, height, width, channels] = x.shape;
  const plane: tf.Tensor5D = tf.reshape(x, [count, 1, depth, height * width, channels]);
  const line: tf.Tensor5D = tf.reshape(filter, [1, filter.shape[0], 1, 1, channels]);
  const y = forwardKernel(1, [0, padding, 0])(plane, line);
  return tf.reshape(y, [count, y.shape[2], height, width, channels]);
}

function forwardKernel(stride: number, padding: Triple): Kernel {
  return tf.customGrad((...inputs) => {
    const [x, filter, save] = inputs as unknown as [tf.Tensor5D, tf.Tensor5D, tf.GradSaveFunc];
    save([x, filter]);
    return {
      value: tf.tidy(() => correlate(x, filter, stride, padding)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, weights] = saved as [tf.Tensor5D, tf.Tensor5D];
        return [
          tf.tidy(() => inputGradient(input.shape, dy as tf.Tensor5D, weights, stride, padding)),
          tf.tidy(() => filterGradient(input, dy as tf.Tensor5D, weights.shape, stride, padding)),
        ];
      },
    };
  }) as Kernel;
}

function transposedKernel(stride: number): Kernel {
  const padding: Triple = [0, 0, 0];
  return tf.customGrad((...inputs) => {
    const [x, filter, save] = inputs as unknown as [tf.Tensor5D, tf.Tensor5D, tf.GradSaveFunc];
    save([x, filter]);
    const sides = x.shape
      .slice(1, 4)
      .map((side, axis) => (side - 1) * stride + (filter.shape[axis] as number)) as unknown as Triple;
    return {
      value: tf.tidy(() => spread(x, filter, stride, sides)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, weights] = saved as [tf.Tensor5D, tf.Tensor5D];
        return [
          tf.tidy(() => correlate(dy as tf.Tensor5D, weights, stride, padding)),
          tf.tidy(() => filterGradient(dy as tf.Tensor5D, input, weights.shape, stride, padding)),
        ];
      },
    };
  }) as Kernel;
}

/** Of stride 1 it is a convolution by the filter turned round, which is faster than TensorFlow's own gradient. */
function inputGradient(
  shape: readonly number[],
  dy: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: number,
  padding: Triple,
): tf.Tensor5D {
  const rest = padding.map((side, axis) => (filter.shape[axis] as number) - 1 - side) as unknown as Triple;
  if (stride === 1 && rest.every((side) => side >= 0))
    return correlate(dy, tf.reverse(filter, [0, 1, 2]), 1, rest);
  const padded = padding.map((side, axis) => (shape[axis + 1] as number) + 2 * side) as unknown as Triple;
  return cropSpatially(spread(dy, filter, stride, padded), padding, padding);
}

function checkChannels(x: tf.Tensor5D, filter: tf.Tensor5D): void {
  if (filter.shape[3] === 1 && filter.shape[4] === x.shape[4]) return;
  throw new NetworkError(
    'wrong-channels',
    `depthwise convolution expects [N, D, H, W, ${filter.shape[4]}] and a filter [.., 1, ${filter.shape[4]}], received [${x.shape}] and [${filter.shape}]`,
    { hint: `give it ${filter.shape[4]} channels on the last axis, or build it for ${x.shape[4]} channels` },
  );
}
