import { NetworkError } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Vectors of N classes with at most K concepts each. A type, so that `tf.tidy` may return it. */
export type ConceptGroups = {
  /** [N, K, H], zeros where a class has fewer concepts. */
  readonly vectors: tf.Tensor3D;
  /** [N, K], 1 for a concept and 0 for none. */
  readonly mask: tf.Tensor2D;
};

/**
 * Puts the vectors [M, H] of concepts that follow each other class by class together by class; `counts` says how many each class has.
 * @throws NetworkError `concept-counts` when they do not sum to M
 */
export function groupConcepts(vectors: tf.Tensor2D, counts: readonly number[]): ConceptGroups {
  const [total, width] = vectors.shape;
  const isWhole = counts.every((count) => Number.isInteger(count) && count >= 0);
  if (!isWhole || counts.reduce((sum, count) => sum + count, 0) !== total) throw wrongCounts(counts, total);
  const most = Math.max(...counts);
  return tf.tidy(() => {
    let row = 0;
    // The row after the last is one of zeros.
    const rows = counts.flatMap((count) =>
      Array.from({ length: most }, (_, k) => (k < count ? row++ : total)),
    );
    const padded = tf.concat([vectors, tf.zeros([1, width])]);
    const grouped = tf.gather(padded, tf.tensor1d(rows, 'int32'));
    const mask = counts.map((count) => Array.from({ length: most }, (_, k) => (k < count ? 1 : 0)));
    return {
      vectors: tf.reshape(grouped, [counts.length, most, width]),
      mask: tf.tensor2d(mask, [counts.length, most]),
    };
  });
}

function wrongCounts(counts: readonly number[], total: number): NetworkError {
  return new NetworkError('concept-counts', `${total} concept vectors cannot be ${counts.join(' + ')}`, {
    hint: 'give for each class how many concepts it has, in the order of the vectors',
  });
}
