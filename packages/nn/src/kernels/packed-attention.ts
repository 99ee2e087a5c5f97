import * as tf from '@tensorflow/tfjs-core';
import { type SelfAttentionTerms, selfAttention } from './self-attention.js';

/** `selfAttention` of tokens that hold their queries, keys and values one after the other: [B, T, 3 heads d] to [B, T, heads d]. */
export function packedAttention(x: tf.Tensor3D, heads: number, terms: SelfAttentionTerms = {}): tf.Tensor3D {
  return tf.tidy(() => {
    const [batch, tokens, channels] = x.shape;
    const [parts, width] = [3 * heads, channels / (3 * heads)];
    const rows = tf.reshape(x, [batch * tokens, parts, width]);
    const split = tf.reshape(tf.transpose(rows, [1, 0, 2]), [parts * batch, tokens, width]) as tf.Tensor3D;
    const attended = tf.reshape(selfAttention(split, heads, terms), [heads, batch * tokens, width]);
    return tf.reshape(tf.transpose(attended, [1, 0, 2]), [batch, tokens, heads * width]);
  });
}
