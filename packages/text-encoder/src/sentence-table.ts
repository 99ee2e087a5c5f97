import { Embedding, freeze, Module, type RandomStream, type TextState } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { noSuchStage } from './stage-division.js';
import type { TextEncoder } from './text-encoder.js';

export interface SentenceTableOptions {
  /** How many texts there are. */
  readonly texts: number;
  /** Width H of a vector. */
  readonly width: number;
  /** Stages, none of which changes a vector; as many as there are fusion sites. */
  readonly stages: number;
}

/**
 * Vectors that a sentence encoder gave once, as a text encoder that does not learn: the id of a text is its row, a text is one token, and
 * what a fusion makes of it goes on to the next stage as it is. The rows are loaded as `vectors.weight`.
 */
export class SentenceTable extends Module implements TextEncoder {
  readonly vectors: Embedding;
  readonly width: number;
  readonly stages: number;

  constructor({ texts, width, stages }: SentenceTableOptions, random: RandomStream) {
    super();
    this.vectors = new Embedding({ entries: texts, width }, random.at('vectors'));
    this.width = width;
    this.stages = stages;
    freeze(this);
  }

  /** Rows and mask [M, 1], int32, to one token [M, 1, H] a text. @throws NetworkError `id-out-of-range` */
  embed(ids: tf.Tensor, mask: tf.Tensor): TextState {
    return tf.tidy(() => ({ tokens: this.vectors.forward(ids), mask: tf.cast(mask, 'float32') }));
  }

  stage(n: number, { tokens, mask }: TextState): TextState {
    if (!(Number.isInteger(n) && n >= 0 && n < this.stages)) throw noSuchStage(n, this.stages);
    return { tokens: tf.clone(tokens), mask: tf.clone(mask) };
  }
}
