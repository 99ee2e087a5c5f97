import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { normalTensor } from '../initialisers.js';
import { Module, parameter } from '../module.js';
import type { RandomStream } from '../random-stream.js';

export interface EmbeddingOptions {
  readonly entries: number;
  readonly width: number;
  /** Standard deviation of the initial values. Default 0.02, as BERT has it. */
  readonly deviation?: number;
}

/** A learned vector for each id: int32 ids [...] to [..., width]. */
export class Embedding extends Module {
  readonly weight: tf.Variable;

  constructor({ entries, width, deviation = 0.02 }: EmbeddingOptions, random: RandomStream) {
    super();
    this.weight = parameter(normalTensor([entries, width], deviation, random.at('weight')));
  }

  /** @throws NetworkError `id-out-of-range` when an id is not an entry of the table. */
  forward(ids: tf.Tensor): tf.Tensor {
    const [entries, width] = this.weight.shape as [number, number];
    const wrong = (ids.dataSync() as Int32Array).find((id) => id < 0 || id >= entries);
    if (wrong !== undefined) throw outOfRange(wrong, entries);
    return tf.tidy(() =>
      tf.reshape(tf.gather(this.weight, tf.reshape(tf.cast(ids, 'int32'), [-1])), [...ids.shape, width]),
    );
  }
}

function outOfRange(id: number, entries: number): NetworkError {
  return new NetworkError('id-out-of-range', `embedding has ids 0 to ${entries - 1}, received ${id}`, {
    kind: 'data',
    hint: 'use the tokenizer the table was made for, and texts no longer than the position table',
  });
}
