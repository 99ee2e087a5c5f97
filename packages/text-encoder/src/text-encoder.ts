import type { Context, Module, TextState } from '@bipvl/nn';
import type * as tf from '@tensorflow/tfjs-core';

/** A text network that can be stopped after each of its stages, so that something else may change its tokens in between. */
export interface TextEncoder extends Module {
  /** How many stages follow the embedding. */
  readonly stages: number;
  /** Width H of a token. */
  readonly width: number;
  /** Ids and mask [M, L], int32, to tokens [M, L, H]. */
  embed(ids: tf.Tensor, mask: tf.Tensor, context: Context): TextState;
  /** Stage `n`, counted from 0. @throws NetworkError `no-such-stage` */
  stage(n: number, state: TextState, context: Context): TextState;
}
