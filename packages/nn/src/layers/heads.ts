import * as tf from '@tensorflow/tfjs-core';

/** Runs of channels side by side, one a head: [B, T, heads * width] to [B, heads, T, width]. */
export function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor4D {
  const [batch, tokens, channels] = x.shape;
  return tf.tidy(() => {
    const apart = tf.reshape(x, [batch, tokens, heads, channels / heads]);
    return tf.transpose(apart, [0, 2, 1, 3]) as tf.Tensor4D;
  });
}

/** The inverse of `splitHeads`: [B, heads, T, width] to [B, T, heads * width]. */
export function mergeHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, heads, tokens, width] = x.shape;
  return tf.tidy(() => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * width]));
}
