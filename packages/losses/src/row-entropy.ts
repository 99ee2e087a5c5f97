import * as tf from '@tensorflow/tfjs-core';

/**
 * Chooses from logits [..., N, N] the entries that compete with the diagonal: 1 or 0 at each, the diagonal
 * included.
 */
export type Choose = (logits: tf.Tensor) => tf.Tensor;

/**
 * For each row i of logits [..., N, N] the cross-entropy -log(e^l_ii / sum_j e^l_ij) over the chosen entries
 * j: [..., N]. The choice takes part in no gradient, even where it looks at the logits.
 */
export function rowEntropies(logits: tf.Tensor, choose?: Choose): tf.Tensor {
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [l, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const diagonal = tf.eye(l.shape.at(-1) ?? 1);
    const competing = choose ? tf.sub(l, tf.mul(tf.sub(1, choose(l)), excluded)) : l;
    const shifted = tf.sub(competing, tf.max(competing, -1, true));
    const power = tf.exp(shifted);
    const total = tf.sum(power, -1, true);
    save([tf.sub(tf.div(power, total), diagonal)]);
    const own = tf.sum(tf.mul(shifted, diagonal), -1);
    return { value: tf.sub(tf.log(tf.squeeze(total, [-1])), own), gradFunc: rowGradient };
  })(logits);
}

function rowGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [slope] = saved as [tf.Tensor];
  return tf.mul(tf.expandDims(dy, -1), slope);
}

/** Subtracted from logits that do not compete: far below any cosine over any temperature, and finite. */
const excluded = 1e9;

/** Both directions of similarities [..., N, N], rows first: [2, ..., N, N]. */
export function bothDirections(similarity: tf.Tensor): tf.Tensor {
  const axes = similarity.shape.map((_, axis) => axis);
  return tf.stack([
    similarity,
    tf.transpose(similarity, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]),
  ]);
}
