import * as tf from '@tensorflow/tfjs-core';
import { keepsPlanes } from './depthwise-correlation.js';
import type { Triple } from './grid.js';
import { planeWindow, slabs, stridedPlanes, total, volumes } from './planes.js';

/** TensorFlow's gradient of a filter takes seven times as long with 4 columns as with 3, so that parts of 3 columns pay. */
const columnsAtOnce = 3;

/**
 * The gradient of a depthwise correlation of x [N, D, H, W, C] with respect to its filter [kd, kh, kw, 1, C], where `dy` is that of its result.
 * Some planes at a time, while they are in the cache.
 */
export function filterGradient(
  x: tf.Tensor5D,
  dy: tf.Tensor5D,
  filterShape: readonly number[],
  stride: number,
  padding: Triple,
): tf.Tensor5D {
  const shape = filterShape as tf.Tensor5D['shape'];
  const [kernel, height, width] = shape;
  const isAlongWidth = kernel === 1 && height === 1 && padding[0] === 0 && padding[1] === 0;
  if (isAlongWidth && width > columnsAtOnce && stride === 1) {
    const turned: Triple = [0, padding[2], 0];
    return tf.reshape(filterGradient(asRows(x), asRows(dy), [1, width, 1, 1, shape[4]], 1, turned), shape);
  }
  const slabGradient = new SlabGradient(shape, stride, padding);
  const runs = slabs(dy.shape[1], dy.shape[2] * dy.shape[3] * dy.shape[4]);
  const gradients = volumes(dy);
  const parts = volumes(x).flatMap((volume, n) =>
    runs.map(([from, to]) =>
      tf.tidy(() => slabGradient.at(volume, planeWindow(gradients[n] as tf.Tensor4D, from, to - from), from)),
    ),
  );
  return tf.reshape(total(parts), shape);
}

/** Every line along W as a plane of one column, [N, D * H, W, 1, C]: rows of a filter cost less than columns. A view. */
function asRows(x: tf.Tensor5D): tf.Tensor5D {
  const [count, depth, height, width, channels] = x.shape;
  return tf.reshape(x, [count, depth * height, width, 1, channels]);
}

/** What some planes of the result add to the gradient. */
class SlabGradient {
  readonly #shape: tf.Tensor5D['shape'];
  readonly #stride: number;
  readonly #padding: Triple;
  readonly #keepsSides: boolean;

  constructor(shape: tf.Tensor5D['shape'], stride: number, padding: Triple) {
    this.#shape = shape;
    this.#stride = stride;
    this.#padding = padding;
    this.#keepsSides = shape[2] <= columnsAtOnce && keepsPlanes(shape, stride, padding);
  }

  /** Of the planes of the result from `from` on, whose gradients `dy` holds: [kd, kh, kw, C, 1]. */
  at(volume: tf.Tensor4D, dy: tf.Tensor4D, from: number): tf.Tensor {
    const [kernel] = this.#shape;
    const [depth, rows, columns] = this.#padding;
    const [step, count] = [this.#stride, dy.shape[0]];
    const margins: [number, number] = this.#keepsSides ? [0, 0] : [rows, columns];
    const window = planeWindow(volume, from * step - depth, count * step + kernel - 1, margins);
    const planes = Array.from({ length: kernel }, (_, k) =>
      this.#plane(stridedPlanes(window, k, count, step), dy),
    );
    return tf.stack(planes);
  }

  /** Of one plane of the filter: [kh, kw, C, 1]. */
  #plane(x: tf.Tensor4D, dy: tf.Tensor4D): tf.Tensor {
    const [, , width] = this.#shape;
    if (width <= columnsAtOnce) return this.#columns(x, dy, width);
    const [depth, rows, , channels] = x.shape;
    const parts = Array.from({ length: Math.ceil(width / columnsAtOnce) }, (_, part) => {
      const first = part * columnsAtOnce;
      const columns = Math.min(columnsAtOnce, width - first);
      const seen = (dy.shape[2] - 1) * this.#stride + columns;
      return this.#columns(tf.slice(x, [0, 0, first, 0], [depth, rows, seen, channels]), dy, columns);
    });
    return tf.concat(parts, 1);
  }

  #columns(x: tf.Tensor4D, dy: tf.Tensor4D, columns: number): tf.Tensor {
    const filterShape = [this.#shape[1], columns, this.#shape[4], 1];
    const pad = this.#keepsSides ? 'same' : 'valid';
    const attributes = { strides: this.#stride, pad, dilations: 1, filterShape };
    return tf.engine().runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, attributes) as tf.Tensor;
  }
}
