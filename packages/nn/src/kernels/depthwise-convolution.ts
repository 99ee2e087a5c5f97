import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';

/**
 * 3-D convolution of every channel with a filter of its own, zeros padded on both sides of every axis.
 * x [N, D, H, W, C], filter [kd, kh, kw, 1, C]; sides become floor((side + 2 padding - kernel) / stride) + 1. No backend has this in
 * 3-D: it is a sum over the planes of the filter of 2-D depthwise convolutions of all planes of the volume, which are fast.
 */
export function convolveDepthwise(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: number,
  padding: number,
): tf.Tensor5D {
  checkChannels(x, filter);
  return forwardKernel(stride)(padSpatially(x, padding), filter);
}

/**
 * The transpose of `convolveDepthwise`: sides become (side - 1) stride - 2 padding + kernel.
 * x [N, D, H, W, C], filter [kd, kh, kw, 1, C].
 */
export function convolveDepthwiseTransposed(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: number,
  padding: number,
): tf.Tensor5D {
  checkChannels(x, filter);
  const full = transposedKernel(stride)(x, filter);
  const sizes = full.shape.slice(1, 4).map((side) => side - 2 * padding);
  if (padding === 0) return full;
  return tf.slice(full, [0, padding, padding, padding, 0], [full.shape[0], ...sizes, full.shape[4]]);
}

type Kernel = (x: tf.Tensor5D, filter: tf.Tensor5D) => tf.Tensor5D;

function forwardKernel(stride: number): Kernel {
  return tf.customGrad((...inputs) => {
    const [x, filter, save] = inputs as unknown as [tf.Tensor5D, tf.Tensor5D, tf.GradSaveFunc];
    save([x, filter]);
    return {
      value: correlate(x, filter, stride),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, weights] = saved as [tf.Tensor5D, tf.Tensor5D];
        return tf.tidy(() => [
          spread(dy as tf.Tensor5D, weights, stride, input.shape.slice(1, 4)),
          filterGradient(input, dy as tf.Tensor5D, weights.shape, stride),
        ]);
      },
    };
  }) as Kernel;
}

function transposedKernel(stride: number): Kernel {
  return tf.customGrad((...inputs) => {
    const [x, filter, save] = inputs as unknown as [tf.Tensor5D, tf.Tensor5D, tf.GradSaveFunc];
    save([x, filter]);
    return {
      value: spread(
        x,
        filter,
        stride,
        [1, 2, 3].map(
          (axis) => ((x.shape[axis] as number) - 1) * stride + (filter.shape[axis - 1] as number),
        ),
      ),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, weights] = saved as [tf.Tensor5D, tf.Tensor5D];
        return tf.tidy(() => [
          correlate(dy as tf.Tensor5D, weights, stride),
          filterGradient(dy as tf.Tensor5D, input, weights.shape, stride),
        ]);
      },
    };
  }) as Kernel;
}

/** y(p) = sum over taps t of x(stride p + t) filter(t), without padding. */
function correlate(x: tf.Tensor5D, filter: tf.Tensor5D, stride: number): tf.Tensor5D {
  const depth = Math.floor((x.shape[1] - filter.shape[0]) / stride) + 1;
  const filters = filterPlanes(filter);
  const parts = volumes(x).map((volume) => {
    const reached = reaching(volume, filters.length, depth, stride);
    return total(
      filters.map((plane, k) =>
        tf.depthwiseConv2d(planes(reached, k, depth, stride), plane, stride, 'valid'),
      ),
    );
  });
  return together(parts);
}

/**
 * The transpose, on a grid of these sides: x(stride p + t) += y(p) filter(t). Planes whose places leave the same remainder by the stride
 * come from the same planes of the filter; each remainder is summed by itself, and they are interleaved at the end.
 */
function spread(
  y: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: number,
  [depth, height, width]: readonly number[],
): tf.Tensor5D {
  const filters = filterPlanes(filter);
  const taps = Math.ceil(filters.length / stride);
  const count = y.shape[1] + taps - 1;
  const inputShape = [count, height, width, y.shape[4]] as [number, number, number, number];
  const parts = volumes(y).map((volume) => {
    const padded = padPlanes(volume, taps - 1, taps - 1);
    const remainders = Array.from({ length: stride }, (_, remainder) => {
      const own = filters.filter((_, k) => k % stride === remainder);
      return own.length === 0
        ? tf.zeros(inputShape)
        : total(
            own.map((plane, tap) =>
              spreadPlanes(planes(padded, taps - 1 - tap, count, 1), plane, stride, inputShape),
            ),
          );
    });
    return interleave(remainders as tf.Tensor4D[], depth as number);
  });
  return together(parts);
}

/** Planes of one remainder each, in turn, as many as asked for: those beyond the last are zero. */
function interleave(remainders: readonly tf.Tensor4D[], depth: number): tf.Tensor4D {
  const [first] = remainders as [tf.Tensor4D];
  const [count, ...plane] = first.shape;
  const all =
    remainders.length === 1
      ? first
      : (tf.reshape(tf.stack([...remainders], 1), [count * remainders.length, ...plane]) as tf.Tensor4D);
  const missing = depth - all.shape[0];
  return missing > 0 ? padPlanes(all, 0, missing) : planes(all, 0, depth, 1);
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

function filterGradient(
  x: tf.Tensor5D,
  dy: tf.Tensor5D,
  filterShape: readonly number[],
  stride: number,
): tf.Tensor5D {
  const [kernel, height, width, , channels] = filterShape as [number, number, number, number, number];
  const gradients = volumes(dy);
  const inputs = volumes(x).map((volume) => reaching(volume, kernel, dy.shape[1], stride));
  const summed = Array.from({ length: kernel }, (_, k) =>
    total(
      gradients.map((gradient, n) => {
        const input = planes(inputs[n] as tf.Tensor4D, k, gradient.shape[0], stride);
        return planeGradient(input, gradient, [height, width], stride);
      }),
    ),
  );
  return tf.reshape(tf.stack(summed), [kernel, height, width, 1, channels]);
}

/** TensorFlow's gradient of a filter slows down past some 15 taps: 25 take seven times as long as 15, so that parts of 3 columns pay. */
const columnsAtOnce = 3;

/** Of one plane of the filter: [kh, kw, C, 1]. */
function planeGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [height, width]: readonly [number, number],
  stride: number,
): tf.Tensor {
  const [depth, rows, , channels] = x.shape;
  const parts = Array.from({ length: Math.ceil(width / columnsAtOnce) }, (_, part) => {
    const first = part * columnsAtOnce;
    const columns = Math.min(columnsAtOnce, width - first);
    const filterShape = [height, columns, channels, 1];
    const seen = (dy.shape[2] - 1) * stride + columns;
    const input = width === columns ? x : tf.slice(x, [0, 0, first, 0], [depth, rows, seen, channels]);
    const attributes = { strides: stride, pad: 'valid', dilations: 1, filterShape };
    return tf
      .engine()
      .runKernel('DepthwiseConv2dNativeBackpropFilter', { x: input, dy }, attributes) as tf.Tensor;
  });
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 1);
}

/** One view [D, H, W, C] a sample. */
function volumes(x: tf.Tensor5D): tf.Tensor4D[] {
  const [count, ...sides] = x.shape;
  const flat = tf.reshape(x, [count, -1]);
  return Array.from({ length: count }, (_, n) => tf.reshape(tf.slice(flat, [n, 0], [1, -1]), sides));
}

function together(parts: readonly tf.Tensor[]): tf.Tensor5D {
  const [first] = parts as [tf.Tensor];
  return (parts.length === 1 ? tf.expandDims(first, 0) : tf.stack([...parts])) as tf.Tensor5D;
}

/** The filter's planes [kh, kw, C, 1], as the 2-D convolution takes them. */
function filterPlanes(filter: tf.Tensor5D): tf.Tensor4D[] {
  const [kernel, height, width, , channels] = filter.shape;
  const flat = tf.reshape(filter, [kernel, -1]);
  return Array.from({ length: kernel }, (_, k) =>
    tf.reshape(tf.slice(flat, [k, 0], [1, -1]), [height, width, channels, 1]),
  );
}

/** The volume with as many planes, zeros at the end, as `planes` asks it for. */
function reaching(volume: tf.Tensor4D, kernel: number, count: number, stride: number): tf.Tensor4D {
  return padPlanes(volume, 0, Math.max(0, kernel - 1 + count * stride - volume.shape[0]));
}

/** Every `stride`-th plane from `first` on; a view of the same memory where the stride is 1. */
function planes(volume: tf.Tensor4D, first: number, count: number, stride: number): tf.Tensor4D {
  const [, ...plane] = volume.shape;
  const run = tf.slice(volume, [first, 0, 0, 0], [count * stride, ...plane]);
  if (stride === 1) return run;
  // The first of each run of planes; `tf.stridedSlice` takes thirty times as long.
  return tf.reshape(tf.slice(tf.reshape(run, [count, stride, -1]), [0, 0, 0], [count, 1, -1]), [
    count,
    ...plane,
  ]);
}

function padPlanes(volume: tf.Tensor4D, before: number, after: number): tf.Tensor4D {
  if (before === 0 && after === 0) return volume;
  return tf.pad(volume, [
    [before, after],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
}

function padSpatially(x: tf.Tensor5D, padding: number): tf.Tensor5D {
  if (padding === 0) return x;
  const margin: [number, number] = [padding, padding];
  return tf.pad(x, [[0, 0], margin, margin, margin, [0, 0]]);
}

function total(parts: tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.addN(parts);
}

function checkChannels(x: tf.Tensor5D, filter: tf.Tensor5D): void {
  if (filter.shape[3] === 1 && filter.shape[4] === x.shape[4]) return;
  throw new NetworkError(
    'wrong-channels',
    `depthwise convolution expects [N, D, H, W, ${filter.shape[4]}] and a filter [.., 1, ${filter.shape[4]}], received [${x.shape}] and [${filter.shape}]`,
    { hint: `give it ${filter.shape[4]} channels on the last axis, or build it for ${x.shape[4]} channels` },
  );
}
