import * as tf from '@tensorflow/tfjs-core';
import { badShape, requirePositive } from './checks.js';
import { bothDirections, rowEntropies } from './row-entropy.js';
import { unitVectors } from './similarity.js';

/**
 * Symmetric InfoNCE over classes (BiPVL-Seg, arXiv 2503.23534, L_global): mean of both directions over
 * similarities `[N, N]` or `[B, N, N]` of vision class i and text class j, averaged over images.
 * @throws LossError `bad-shape`, `bad-option`
 */
export function globalAlignmentLoss(similarity: tf.Tensor, temperature = 0.2): tf.Scalar {
  requirePositive('temperature', temperature);
  requireSquare('similarity', similarity);
  return tf.tidy(() => tf.mean(rowEntropies(bothDirections(tf.div(similarity, temperature)))));
}

/**
 * The share of each concept in its class, softmax over concepts of its cosine with the class's vision vector:
 * `[B, N, K]`.
 * @param visionVectors `[B, N, P]` @param conceptVectors `[N, K, P]`
 * @param present which concepts exist, `[N, K]` of 0 and 1; the others get weight 0.
 */
export function conceptWeights(
  visionVectors: tf.Tensor3D,
  conceptVectors: tf.Tensor3D,
  present?: tf.Tensor2D,
): tf.Tensor3D {
  return tf.tidy(() => {
    const vision: tf.Tensor3D = tf.transpose(unitVectors(visionVectors), [1, 0, 2]);
    const cosines = tf.matMul(vision, unitVectors(conceptVectors), false, true);
    const known = present ? tf.sub(cosines, tf.expandDims(tf.mul(tf.sub(1, present), 1e9), 1)) : cosines;
    return tf.transpose(tf.softmax(known), [1, 0, 2]) as tf.Tensor3D;
  });
}

/**
 * One text vector for each image and class: the concept vectors `[N, K, P]` summed with weights `[B, N, K]`,
 * giving `[B, N, P]`.
 */
export function weightedConcepts(weights: tf.Tensor3D, conceptVectors: tf.Tensor3D): tf.Tensor3D {
  return tf.tidy(() => {
    const byClass: tf.Tensor3D = tf.transpose(weights, [1, 0, 2]);
    return tf.transpose(tf.matMul(byClass, conceptVectors), [1, 0, 2]) as tf.Tensor3D;
  });
}

/** @throws LossError `bad-shape` unless the last two axes are equal. */
export function requireSquare(what: string, similarity: tf.Tensor): number {
  const [rows, columns] = similarity.shape.slice(-2);
  if (rows === undefined || rows !== columns) throw badShape(what, '[..., N, N]', similarity.shape);
  return rows;
}
