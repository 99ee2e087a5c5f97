import * as tf from '@tensorflow/tfjs-core';
import { checkAxes, type Dimensions, type GridOf } from '../kernels/grid.js';
import { RowOrder, rearrangeRows } from '../kernels/rearrange-rows.js';
import { Module } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { LayerNorm } from './layer-norm.js';
import { Linear } from './linear.js';

/**
 * Which of a volume's eight interleaved sub-grids are joined, and in which order; an image's four are joined each once, whichever is given. `'v2'`: each once, as MONAI's `mergingv2` has it. `'legacy'`: MONAI's
 * `merging` up to 1.4, with which its published weights were trained; two sub-grids come twice and two never. `'legacy-corrected'`: MONAI's
 * `merging` as of 1.6, each once, in another order than `'v2'`.
 */
export type MergingOrder = 'v2' | 'legacy' | 'legacy-corrected';

export interface PatchMergingOptions<D extends Dimensions = 3> {
  readonly channels: number;
  readonly order: MergingOrder;
  /** 2 for images, 3 for volumes. Default 3. */
  readonly dimensions?: D;
}

/**
 * Joins 2 x 2 x 2 neighbours, normalises them and maps them to twice the channels (Liu et al. 2021): [N, D, H, W, C] to
 * [N, D / 2, H / 2, W / 2, 2 C], or of images 2 x 2, [N, H, W, C] to [N, H / 2, W / 2, 2 C], after zeros at the far ends where a side is odd.
 */
export class PatchMerging<D extends Dimensions = 3> extends Module {
  readonly normalisation: LayerNorm;
  readonly reduction: Linear;
  readonly #dimensions: Dimensions;
  readonly #starts: readonly number[];
  readonly #orders = new Map<string, RowOrder>();

  constructor({ channels, order, dimensions }: PatchMergingOptions<D>, random: RandomStream) {
    super();
    this.#dimensions = dimensions ?? 3;
    this.#starts = this.#dimensions === 3 ? offsets[order] : planeOffsets;
    const inputs = this.#starts.length * channels;
    this.normalisation = new LayerNorm({ channels: inputs });
    const map = { inputs, outputs: 2 * channels, bias: false };
    this.reduction = new Linear(map, random.at('reduction'));
  }

  /** @throws NetworkError `wrong-rank`. */
  forward(x: GridOf<D>): GridOf<D> {
    checkAxes('patch merging', x, this.#dimensions);
    return tf.tidy(() => {
      const [batch, ...sides] = x.shape.slice(0, -1) as [number, number, number];
      const half = sides.map((side) => Math.ceil(side / 2));
      const rows = tf.reshape(x, [batch, -1, x.shape.at(-1) as number]) as tf.Tensor3D;
      const joined = tf.reshape(rearrangeRows(rows, this.#orderFor(sides)), [batch, ...half, -1]);
      return this.reduction.forward(this.normalisation.forward(joined)) as tf.Tensor as GridOf<D>;
    });
  }

  #orderFor(sides: readonly number[]): RowOrder {
    const key = sides.join();
    const known = this.#orders.get(key) ?? mergingRows(sides, this.#starts);
    this.#orders.set(key, known);
    return known;
  }
}

/** Where each sub-grid starts, as D, H and W bits. */
const offsets: Readonly<Record<MergingOrder, readonly number[]>> = {
  v2: [0b000, 0b001, 0b010, 0b011, 0b100, 0b101, 0b110, 0b111],
  legacy: [0b000, 0b100, 0b010, 0b001, 0b101, 0b010, 0b001, 0b111],
  'legacy-corrected': [0b000, 0b100, 0b010, 0b001, 0b110, 0b101, 0b011, 0b111],
};

/** The same of an image, as H and W bits, in the one order that Swin and MONAI have. */
const planeOffsets: readonly number[] = [0b00, 0b10, 0b01, 0b11];

function mergingRows(sides: readonly number[], starts: readonly number[]): RowOrder {
  const [width, height, depth = 1] = [...sides].reverse() as [number, number, number?];
  const sources: number[] = [];
  for (let d = 0; d < depth; d += 2) {
    for (let h = 0; h < height; h += 2) {
      for (let w = 0; w < width; w += 2) {
        for (const start of starts) {
          const [i, j, k] = [d + (start >> 2), h + ((start >> 1) & 1), w + (start & 1)];
          sources.push(i < depth && j < height && k < width ? (i * height + j) * width + k : -1);
        }
      }
    }
  }
  return new RowOrder(Int32Array.from(sources), depth * height * width);
}
