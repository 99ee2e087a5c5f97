import { evaluation } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Bert } from './bert.js';
import { type Pooling, poolTokens } from './pooling.js';
import type { Tokenizer } from './tokenizer/tokenizer.js';

/** Turns each text into one vector, with weights that stay as they are. */
export interface SentenceEncoder {
  /** What a vector follows from beside its text: hashes of weights and tokenizer, the pooling and the cap. */
  readonly id: string;
  /** Numbers of a vector. */
  readonly width: number;
  /** M texts to vectors [M][width]. @throws NetworkError `text-too-long`, `no-texts` */
  encode(texts: readonly string[]): Promise<Float32Array[]>;
}

/** A BERT and what else decides its vectors. */
export interface BertSentences {
  readonly bert: Bert;
  readonly tokenizer: Tokenizer;
  /** SHA-256 of the weights; see `loadPretrained`. */
  readonly weightsHash: string;
  /** Default 'class'. */
  readonly pooling?: Pooling;
  /** Longest text in tokens. Default 512. */
  readonly maxTokens?: number;
}

/** A BERT as a sentence encoder, in evaluation. Who made the BERT disposes it. */
export function bertSentences(parts: BertSentences): SentenceEncoder {
  const { bert, tokenizer, weightsHash, pooling = 'class', maxTokens = 512 } = parts;
  return {
    id: `bert ${weightsHash} ${tokenizer.id} ${pooling} ${maxTokens}`,
    width: bert.width,
    encode: async (texts) => {
      const { ids, mask } = tokenizer.encode(texts, { maxTokens });
      const matrix = (rows: number[][]) => tf.tensor2d(rows, undefined, 'int32');
      const vectors = tf.tidy(() =>
        poolTokens(bert.encode(matrix(ids), matrix(mask), evaluation()), pooling),
      );
      return rowsOf(vectors, texts.length);
    },
  };
}

/** Reads a matrix [M, H] back and disposes it. */
async function rowsOf(vectors: tf.Tensor2D, count: number): Promise<Float32Array[]> {
  const values = (await vectors.data()) as Float32Array;
  vectors.dispose();
  const width = values.length / count;
  return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width));
}
