import * as tf from '@tensorflow/tfjs-core';

/** Which row of the input each row of the result copies. */
export class RowOrder {
  /** For each row of the result the row of the input, or -1 for a row of zeros. */
  readonly sources: Int32Array;
  /** Rows of the input. */
  readonly inputs: number;
  #targets: readonly Int32Array[] | undefined;

  constructor(sources: Int32Array, inputs: number) {
    this.sources = sources;
    this.inputs = inputs;
  }

  /**
   * For each row of the input the row of the result that copies it, or -1: one list for the first copies, a second one where some are copied
   * twice, and so on.
   */
  get targets(): readonly Int32Array[] {
    this.#targets ??= invert(this.sources, this.inputs);
    return this.#targets;
  }
}

/**
 * Rows of x [N, T, C] in a given order, [N, order.sources.length, C]. Padding, shifting and cutting a grid into windows or sub-grids are one such
 * copy, where slices, concatenations and transpositions would be up to eight. Its gradient is a copy too.
 */
export function rearrangeRows(x: tf.Tensor3D, order: RowOrder): tf.Tensor3D {
  const kernel = tf.customGrad((...inputs) => ({
    value: gatherRows(inputs[0] as tf.Tensor, order.sources),
    gradFunc: (dy: tf.Tensor) =>
      tf.tidy(() => {
        const parts = order.targets.map((targets) => gatherRows(dy, targets));
        return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.addN(parts);
      }),
  }));
  return kernel(x) as tf.Tensor3D;
}

function gatherRows(x: tf.Tensor, sources: Int32Array): tf.Tensor {
  const zeros = x.shape[1] as number;
  const hasZeros = sources.includes(-1);
  return tf.tidy(() => {
    const rows = hasZeros
      ? tf.pad(x, [
          [0, 0],
          [0, 1],
          [0, 0],
        ])
      : x;
    const index = hasZeros ? sources.map((source) => (source < 0 ? zeros : source)) : sources;
    return tf.gather(rows, tf.tensor1d(index, 'int32'), 1);
  });
}

function invert(sources: Int32Array, inputs: number): Int32Array[] {
  const lists = [new Int32Array(inputs).fill(-1)];
  for (const [row, source] of sources.entries()) {
    if (source < 0) continue;
    let list = lists.find((candidate) => candidate[source] === -1);
    if (list === undefined) {
      list = new Int32Array(inputs).fill(-1);
      lists.push(list);
    }
    list[source] = row;
  }
  return lists;
}
