import type * as tf from '@tensorflow/tfjs-core';

/**
 * What a text encoder hands from stage to stage: tokens [B * N, L, H] of N texts for each of B images, and their mask [B * N, L] (1 for a
 * token, 0 for padding). A type, not an interface, so that it is a `tf.TensorContainer`.
 */
export type TextState = { readonly tokens: tf.Tensor; readonly mask: tf.Tensor };
