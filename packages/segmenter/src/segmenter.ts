import type { Context, Module } from '@bipvl/nn';
import type * as tf from '@tensorflow/tfjs-core';
import type { SegmenterConfig } from './config.js';
import type { TextInputs } from './text/text-inputs.js';

/** A batch of patches: image [B, D, H, W, C] and label channels [B, D, H, W], int32, 0 for background and j + 1 for `labels[j]`. */
export interface Batch {
  readonly image: tf.Tensor5D;
  readonly labels: tf.Tensor4D;
}

/** The objective and what it is made of, by name; all scalars. A type, so that `tf.tidy` may return it. */
export type Losses = { readonly total: tf.Scalar; readonly parts: { readonly [name: string]: tf.Scalar } };

/** Predicts patches with weights and texts that stay as they are; holds what does not depend on the image. */
export interface Predictor {
  /** Image [B, D, H, W, C] to logits [B, D, H, W, classes]. */
  predict(image: tf.Tensor5D): tf.Tensor5D;
  dispose(): void;
}

/** A whole network by one of the methods. */
export interface Segmenter {
  readonly config: SegmenterConfig;
  /** Everything that is trained and saved. */
  readonly network: Module;
  /** Names of the parts of the objective, in the order of a log. */
  readonly lossNames: readonly string[];
  losses(batch: Batch, context: Context): Losses;
  /** `texts` replace those of the segmenter, for instance to see what they do. */
  openPredictor(texts?: TextInputs): Predictor;
}
