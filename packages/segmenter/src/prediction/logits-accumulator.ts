import { NetworkError } from '@bipvl/nn';
import type { Sides } from '../config.js';

const bytesPerNumber = Float32Array.BYTES_PER_ELEMENT;

/** Weighted sums of the logits of overlapping windows over a whole volume. */
export class LogitsAccumulator {
  readonly classes: number;
  readonly #shape: readonly [number, number, number];
  /** C-order [D, H, W, K]. */
  readonly #sums: Float32Array;
  /** C-order [D, H, W]. */
  readonly #weights: Float32Array;

  /** @throws NetworkError `prediction-memory` stating the bytes it would take, when they are more than `maxBytes`. */
  constructor(shape: readonly [number, number, number], classes: number, maxBytes: number) {
    const voxels = shape[0] * shape[1] * shape[2];
    const bytes = voxels * (classes + 1) * bytesPerNumber;
    if (bytes > maxBytes) throw tooLarge(shape, classes, bytes, maxBytes);
    this.classes = classes;
    this.#shape = shape;
    this.#sums = new Float32Array(voxels * classes);
    this.#weights = new Float32Array(voxels);
  }

  /** Adds the logits [D, H, W, K] of the window at `origin`, each voxel by its importance [D, H, W]; what lies outside is left out. */
  add(logits: Float32Array, importance: Float32Array, origin: Sides, patch: Sides): void {
    const shape = this.#shape;
    const first = origin.map((start) => Math.max(0, -start)) as Sides;
    const end = patch.map((side, axis) =>
      Math.min(side, (shape[axis] as number) - (origin[axis] as number)),
    ) as Sides;
    for (let d = first[0]; d < end[0]; d++) {
      for (let h = first[1]; h < end[1]; h++) {
        const inVolume = ((d + origin[0]) * shape[1] + h + origin[1]) * shape[2] + origin[2];
        const inWindow = (d * patch[1] + h) * patch[2];
        this.#addRow(logits, importance, inVolume, inWindow, first[2], end[2]);
      }
    }
  }

  /** The weighted means, C-order [D, H, W, K]; the accumulator cannot be used afterwards. */
  finish(): Float32Array {
    const { classes } = this;
    const [sums, weights] = [this.#sums, this.#weights];
    for (let voxel = 0, at = 0; voxel < weights.length; voxel++) {
      const weight = weights[voxel] as number;
      for (let k = 0; k < classes; k++, at++) sums[at] = (sums[at] as number) / weight;
    }
    return sums;
  }

  #addRow(
    logits: Float32Array,
    importance: Float32Array,
    inVolume: number,
    inWindow: number,
    first: number,
    end: number,
  ): void {
    const { classes } = this;
    const [sums, weights] = [this.#sums, this.#weights];
    let to = (inVolume + first) * classes;
    let from = (inWindow + first) * classes;
    for (let w = first; w < end; w++) {
      const weight = importance[inWindow + w] as number;
      weights[inVolume + w] = (weights[inVolume + w] as number) + weight;
      for (let k = 0; k < classes; k++, to++, from++)
        sums[to] = (sums[to] as number) + weight * (logits[from] as number);
    }
  }
}

function tooLarge(shape: readonly number[], classes: number, bytes: number, maxBytes: number): NetworkError {
  return new NetworkError(
    'prediction-memory',
    `predicting ${classes} channels over [${shape.join(', ')}] voxels needs ${bytes} bytes, the limit maxBytes is ${maxBytes}`,
    {
      kind: 'resource',
      hint: 'crop the scan or train at a larger spacing, or raise the limit where there is memory',
    },
  );
}
