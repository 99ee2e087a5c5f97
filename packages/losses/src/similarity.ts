import * as tf from '@tensorflow/tfjs-core';

/** Added to squared lengths, so that a zero vector has a direction (zero) and finite gradients. */
const epsilon = 1e-12;

/** Vectors along the last axis scaled to length 1; a zero vector stays zero. */
export function unitVectors<T extends tf.Tensor>(vectors: T): T {
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const inverse = tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), epsilon));
    const unit = tf.mul(x, inverse);
    save([unit, inverse]);
    return { value: unit, gradFunc: unitGradient };
  })(vectors) as T;
}

function unitGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [unit, inverse] = saved as [tf.Tensor, tf.Tensor];
  return tf.mul(inverse, tf.sub(dy, tf.mul(unit, tf.sum(tf.mul(dy, unit), -1, true))));
}

/**
 * Cosines between the rows of `a` [..., M, P] and of `b` [..., N, P]: [..., M, N]; the leading axes must
 * agree.
 */
export function cosineSimilarity(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.matMul(unitVectors(a), unitVectors(b), false, true);
}
