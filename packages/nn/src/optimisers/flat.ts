import * as tf from '@tensorflow/tfjs-core';

/**
 * All tensors one after the other as one vector: a handful of operations on it replaces a handful for each
 * tensor.
 */
export function flatten(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  return tf.tidy(() => tf.concat1d(tensors.map((tensor) => tf.reshape(tensor, [tensor.size]))));
}

/** Cuts such a vector into tensors of the given shapes; a single one shares its memory. */
export function unflatten(vector: tf.Tensor1D, shapes: readonly (readonly number[])[]): tf.Tensor[] {
  const sizes = shapes.map((shape) => shape.reduce((product, side) => product * side, 1));
  return tf.tidy(() => {
    const parts = sizes.length === 1 ? [vector] : tf.split(vector, sizes);
    return parts.map((part, index) => tf.reshape(part, [...(shapes[index] ?? [])]));
  });
}
