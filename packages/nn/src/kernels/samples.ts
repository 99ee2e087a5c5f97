import * as tf from '@tensorflow/tfjs-core';

/** One view [1, D * H, W, C] a sample of x [N, ...spatial, C]; a slice along the first axis shares its memory. */
export function samples(x: tf.Tensor): tf.Tensor[] {
  const [count, ...rest] = x.shape as [number, ...number[]];
  const [width, channels] = rest.slice(-2) as [number, number];
  const shape = [1, rest.slice(0, -2).reduce((product, side) => product * side, 1), width, channels];
  const flat = tf.reshape(x, [count, -1]);
  return Array.from({ length: count }, (_, n) => tf.reshape(tf.slice(flat, [n, 0], [1, -1]), shape));
}

/** The samples in one tensor of this shape again; a single one is not copied. */
export function together(parts: readonly tf.Tensor[], shape: readonly number[]): tf.Tensor {
  const whole = parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat([...parts], 0);
  return tf.reshape(whole, [...shape]);
}
