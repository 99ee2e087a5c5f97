import type { Context, Module, TextState } from '@bipvl/nn';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * Lets text and vision change each other at one site: vision [B, D, H, W, C] or [B, T, C], text [B * N, L, H].
 * A fusion decides itself which text tokens take part.
 */
export interface Fusion extends Module {
  forward(vision: tf.Tensor, text: TextState, context: Context): { vision: tf.Tensor; text: TextState };
}
