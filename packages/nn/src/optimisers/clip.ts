import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { flatten, unflatten } from './flat.js';

/** The Euclidean norm of all gradients taken as one vector. */
export function globalNorm(gradients: ReadonlyMap<string, tf.Tensor>): tf.Scalar {
  return tf.tidy(() => norm(flatten([...gradients.values()])));
}

/**
 * Scales all gradients together so that their global norm is at most `limit` (Pascanu et al. 2013); the
 * caller disposes the results.
 * @throws NetworkError `bad-option` if the limit is not positive.
 */
export function clipByGlobalNorm(
  gradients: ReadonlyMap<string, tf.Tensor>,
  limit: number,
): { gradients: Map<string, tf.Tensor>; norm: tf.Scalar } {
  if (!(limit > 0))
    throw new NetworkError('bad-option', `the norm limit must be positive, got ${limit}`, {
      hint: 'change the limit',
    });
  const names = [...gradients.keys()];
  const tensors = [...gradients.values()];
  const [before, ...clipped] = tf.tidy(() => {
    const vector = flatten(tensors);
    const length = norm(vector);
    const factor = tf.minimum(tf.div(limit, tf.add(length, smallest)), 1);
    const shapes = tensors.map((tensor) => tensor.shape);
    return [length, ...unflatten(tf.mul(vector, factor), shapes)];
  });
  const pairs = names.map((name, index) => [name, clipped[index]] as const);
  return {
    gradients: new Map(pairs.filter((pair): pair is [string, tf.Tensor] => pair[1] !== undefined)),
    norm: before as tf.Scalar,
  };
}

/** Keeps the division finite where every gradient is zero; the value PyTorch uses. */
const smallest = 1e-6;

function norm(vector: tf.Tensor1D): tf.Scalar {
  return tf.sqrt(tf.sum(tf.square(vector))) as tf.Scalar;
}
