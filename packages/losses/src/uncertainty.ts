import * as tf from '@tensorflow/tfjs-core';
import { badShape } from './checks.js';

/**
 * Sum of task losses weighted by learned uncertainties (Kendall et al. 2018): sum of
 * e^(-s) L / 2 + s / 2 with s = log sigma^2. Let the optimiser train `logVariances` without weight decay.
 * @param losses n scalars @param logVariances `[n]`, initially 0
 * @throws LossError `bad-shape`
 */
export function uncertaintyWeighted(losses: readonly tf.Tensor[], logVariances: tf.Tensor): tf.Scalar {
  const wrong = losses.find((loss) => loss.rank !== 0);
  if (wrong) throw badShape('losses', '[] each', wrong.shape);
  if (logVariances.rank !== 1 || logVariances.size !== losses.length)
    throw badShape('logVariances', `[${losses.length}]`, logVariances.shape);
  return tf.tidy(() => {
    const weighted = tf.mul(tf.exp(tf.neg(logVariances)), tf.stack([...losses]));
    return tf.mul(0.5, tf.sum(tf.add(weighted, logVariances))) as tf.Scalar;
  });
}
