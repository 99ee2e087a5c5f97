import * as tf from '@tensorflow/tfjs-core';

/**
 * Trilinear resize of [N, D, H, W, C] to another grid with half-pixel centres and no antialiasing, as
 * `interpolate(align_corners=False)`. For an even factor r it is the mean of the voxels i r + r/2 - 1 and i r
 * + r/2 of each axis. Only the voxels it needs are read.
 */
export function resizeTrilinear(volume: tf.Tensor5D, grid: readonly [number, number, number]): tf.Tensor5D {
  return tf.tidy(() => grid.reduce((resized, size, axis) => resizeAxis(resized, axis + 1, size), volume));
}

function resizeAxis(tensor: tf.Tensor5D, axis: number, size: number): tf.Tensor5D {
  const length = tensor.shape[axis] ?? 1;
  if (length === size) return tensor;
  const { lower, upper, fraction } = samples(length, size);
  const low = tf.gather(tensor, tf.tensor1d(lower, 'int32'), axis);
  if (fraction.every((part) => part === 0)) return low;
  const high = tf.gather(tensor, tf.tensor1d(upper, 'int32'), axis);
  const shape = tensor.shape.map((_, other) => (other === axis ? size : 1));
  return tf.add(low, tf.mul(tf.sub(high, low), tf.tensor(fraction, shape)));
}

/** For each place on the new axis the two old ones around it and the way from the first to the second. */
function samples(length: number, size: number): { lower: number[]; upper: number[]; fraction: number[] } {
  const places = Array.from({ length: size }, (_, index) => {
    const place = ((index + 0.5) * length) / size - 0.5;
    return Math.min(Math.max(place, 0), length - 1);
  });
  return {
    lower: places.map(Math.floor),
    upper: places.map((place) => Math.min(Math.floor(place) + 1, length - 1)),
    fraction: places.map((place) => place - Math.floor(place)),
  };
}
