import * as tf from '@tensorflow/tfjs-core';
import type { Triple } from './grid.js';
import { filterPlanes, planeWindow, slabs, stridedPlanes, total, volumes } from './planes.js';

/**
 * y(p) = sum over taps t of x(stride p + t - padding) filter(t): x [N, D, H, W, C], filter [kd, kh, kw, 1, C], without a gradient. Some planes at a time,
 * so that what is summed takes little memory.
 */
export function correlate(x: tf.Tensor5D, filter: tf.Tensor5D, stride: number, padding: Triple): tf.Tensor5D {
  const [count, ...sides] = x.shape;
  const [depth, height, width] = padding.map(
    (side, axis) =>
      Math.floor(((sides[axis] as number) + 2 * side - (filter.shape[axis] as number)) / stride) + 1,
  ) as unknown as Triple;
  const shape: tf.Tensor5D['shape'] = [count, depth, height, width, sides[3]];
  const planes = new PlaneSum(filter, stride, padding);
  // Without taps along D, planes of all samples are alike.
  if (planes.isPlanar) return tf.reshape(planes.at(allPlanes(x), 0, count * depth), shape);
  const runs = slabs(depth, height * width * shape[4]);
  const parts = volumes(x).flatMap((volume) =>
    runs.map(([from, to]) => tf.tidy(() => planes.at(volume, from, to))),
  );
  return tf.reshape(parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 0), shape);
}

/** Sums over the filter's planes. */
class PlaneSum {
  readonly isPlanar: boolean;
  readonly #filters: readonly tf.Tensor4D[];
  readonly #stride: number;
  readonly #padding: Triple;
  readonly #keepsSides: boolean;

  constructor(filter: tf.Tensor5D, stride: number, padding: Triple) {
    this.#filters = filterPlanes(filter);
    this.#stride = stride;
    this.#padding = padding;
    this.isPlanar = this.#filters.length === 1 && stride === 1 && padding[0] === 0;
    this.#keepsSides = keepsPlanes(filter.shape, stride, padding);
  }

  /** Planes [from, to) of the result. */
  at(volume: tf.Tensor4D, from: number, to: number): tf.Tensor4D {
    const [depth, height, width] = this.#padding;
    const [step, count] = [this.#stride, to - from];
    const reach = count * step + this.#filters.length - 1;
    const margins = this.#keepsSides ? ([0, 0] as const) : ([height, width] as const);
    const window = planeWindow(volume, from * step - depth, reach, margins);
    const mode = this.#keepsSides ? 'same' : 'valid';
    return total(
      this.#filters.map((plane, k) =>
        tf.depthwiseConv2d(stridedPlanes(window, k, count, step), plane, step, mode),
      ),
    ) as tf.Tensor4D;
  }
}

/** Whether TensorFlow's 'same' pads the planes as `padding` says, so that no padded copy is needed. */
export function keepsPlanes(filterShape: readonly number[], stride: number, padding: Triple): boolean {
  return stride === 1 && [1, 2].every((axis) => 2 * (padding[axis] as number) + 1 === filterShape[axis]);
}

/** The planes of all samples, one after the other: a view. */
function allPlanes(x: tf.Tensor5D): tf.Tensor4D {
  const [count, depth, ...plane] = x.shape;
  return tf.reshape(x, [count * depth, ...plane]);
}
