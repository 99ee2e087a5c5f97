import type { TextState } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/** How the tokens of a text become one vector: its class token, or the mean over what is no padding. */
export type Pooling = 'class' | 'mean';

/** The class token of each text: tokens [M, L, H] to [M, H]. */
export function classTokens({ tokens }: TextState): tf.Tensor2D {
  const [texts, , width] = tokens.shape as [number, number, number];
  return tf.reshape(tf.slice(tokens, [0, 0, 0], [texts, 1, width]), [texts, width]);
}

/**
 * The mean token of each text, padding left out (Reimers and Gurevych 2019): tokens [M, L, H] and mask [M, L] to [M, H]. A text of nothing
 * but padding gives zeros.
 */
export function meanTokens({ tokens, mask }: TextState): tf.Tensor2D {
  return tf.tidy(() => {
    const weights = tf.div(mask, tf.maximum(tf.sum(mask, 1, true), 1));
    return tf.sum(tf.mul(tokens, tf.expandDims(weights, 2)), 1) as tf.Tensor2D;
  });
}

/** The vector of each text: tokens [M, L, H] to [M, H]. */
export function poolTokens(state: TextState, pooling: Pooling): tf.Tensor2D {
  return pooling === 'class' ? classTokens(state) : meanTokens(state);
}
