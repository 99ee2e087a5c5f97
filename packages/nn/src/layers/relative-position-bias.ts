import * as tf from '@tensorflow/tfjs-core';
import { normalTensor } from '../initialisers.js';
import type { Dimensions, Sides, SidesOf } from '../kernels/grid.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { sidesOf } from './sides.js';

export interface RelativePositionBiasOptions<D extends Dimensions = 3> {
  /** Sides of a window in tokens. */
  readonly window: number | SidesOf<D>;
  /** 2 for images, 3 for volumes. Default 3. */
  readonly dimensions?: D;
  readonly heads: number;
  /** Rows of the table between neighbouring differences along D and along H. Default (2 wh - 1)(2 ww - 1) and 2 ww - 1, a row for each difference. */
  readonly strides?: PositionStrides | undefined;
}

/** Rows of the table between neighbouring differences of positions along D and along H; along W it is one. */
export type PositionStrides = readonly [depth: number, height: number];

/** A learned number for each head and each difference of positions within a window (Liu et al. 2021, equation 4). */
export class RelativePositionBias<D extends Dimensions = 3> extends Module {
  /** [(2 wd - 1) (2 wh - 1) (2 ww - 1), heads], of images [(2 wh - 1) (2 ww - 1), heads] */
  readonly table: tf.Variable;
  readonly #window: Sides;
  readonly #strides: PositionStrides | undefined;
  readonly #indices = new Map<number, Int32Array>();

  /** @throws NetworkError `bad-option`. */
  constructor({ window, dimensions, heads, strides }: RelativePositionBiasOptions<D>, random: RandomStream) {
    super();
    this.#window = sidesOf('window of a position bias', window, dimensions ?? 3, 1);
    this.#strides = strides;
    const entries = this.#window.reduce((product, side) => product * (2 * side - 1), 1);
    this.table = parameter(normalTensor([entries, heads], 0.02, random.at('table')));
  }

  /**
   * [heads, tokens, tokens], for the attention of the first `tokens` positions of the window. A grid smaller than the window takes the positions
   * in the order of the whole window, as MONAI does, so that its published weights mean what they meant.
   */
  forward(tokens: number): tf.Tensor3D {
    let index = this.#indices.get(tokens);
    if (index === undefined) {
      index = relativePositionIndex(this.#window, tokens, this.#strides);
      this.#indices.set(tokens, index);
    }
    return lookUp(this.table, index, tokens);
  }
}

/** The table's row for each pair of the first `tokens` positions of a window, row after row. */
export function relativePositionIndex(window: Sides, tokens: number, strides?: PositionStrides): Int32Array {
  const [width, height, depth = 1] = [...window].reverse() as [number, number, number?];
  const [alongDepth, alongHeight] = strides ?? [(2 * height - 1) * (2 * width - 1), 2 * width - 1];
  const place = (position: number): [number, number, number] => [
    Math.floor(position / (height * width)),
    Math.floor(position / width) % height,
    position % width,
  ];
  const index = new Int32Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) {
    const [d, h, w] = place(i);
    for (let j = 0; j < tokens; j++) {
      const [e, g, v] = place(j);
      const row = (d - e + depth - 1) * alongDepth + (h - g + height - 1) * alongHeight;
      index[i * tokens + j] = row + (w - v + width - 1);
    }
  }
  return index;
}

function lookUp(table: tf.Tensor, index: Int32Array, tokens: number): tf.Tensor3D {
  const [entries, heads] = table.shape as [number, number];
  const kernel = tf.customGrad((...inputs) => ({
    value: tf.tidy(() => {
      const rows = tf.gather(tf.transpose(inputs[0] as tf.Tensor), tf.tensor1d(index, 'int32'), 1);
      return tf.reshape(rows, [heads, tokens, tokens]);
    }),
    gradFunc: (dy: tf.Tensor) =>
      tf.tidy(() => {
        const pairs = tf.transpose(tf.reshape(dy, [heads, index.length]));
        return tf.unsortedSegmentSum(pairs, tf.tensor1d(index, 'int32'), entries);
      }),
  }));
  return kernel(table) as tf.Tensor3D;
}
