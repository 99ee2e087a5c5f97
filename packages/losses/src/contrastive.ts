import * as tf from '@tensorflow/tfjs-core';
import { badShape, sameShape, shapeOf } from './checks.js';
import { bothDirections, rowEntropies } from './row-entropy.js';
import { cosineSimilarity } from './similarity.js';

/**
 * Symmetric InfoNCE between paired vectors (CLIP, Radford et al. 2021): row i of `image` belongs to row i of
 * `text`, both `[N, P]`.
 * @param logScale scalar, the logarithm of 1 / temperature; may be learned
 * @throws LossError `bad-shape`
 */
export function symmetricInfoNceLoss(image: tf.Tensor, text: tf.Tensor, logScale: tf.Tensor): tf.Scalar {
  checkPairs(image, text, { logScale });
  return tf.tidy(() =>
    tf.mean(rowEntropies(bothDirections(tf.mul(cosineSimilarity(image, text), tf.exp(logScale))))),
  );
}

/**
 * Pairwise sigmoid loss (SigLIP, Zhai et al. 2023): -1/N sum_ij log sigmoid(z_ij (e^logScale a_i . b_j +
 * bias)), z = 1 for pairs, else -1.
 * @param image `[N, P]` @param text `[N, P]` @param logScale scalar @param bias scalar
 * @throws LossError `bad-shape`
 */
export function pairwiseSigmoidLoss(
  image: tf.Tensor,
  text: tf.Tensor,
  logScale: tf.Tensor,
  bias: tf.Tensor,
): tf.Scalar {
  const n = checkPairs(image, text, { logScale, bias });
  return tf.tidy(() => {
    const logits = tf.add(tf.mul(cosineSimilarity(image, text), tf.exp(logScale)), bias);
    const signs = tf.sub(tf.mul(2, tf.eye(n)), 1);
    return tf.div(tf.sum(tf.softplus(tf.neg(tf.mul(signs, logits)))), n) as tf.Scalar;
  });
}

function checkPairs(image: tf.Tensor, text: tf.Tensor, scalars: Readonly<Record<string, tf.Tensor>>): number {
  const shape = shapeOf('image', image, 'N, P');
  if (!sameShape(text.shape, shape)) throw badShape('text', `[${shape.join(', ')}]`, text.shape);
  for (const [name, scalar] of Object.entries(scalars))
    if (scalar.rank !== 0) throw badShape(name, '[]', scalar.shape);
  return shape[0] ?? 0;
}
