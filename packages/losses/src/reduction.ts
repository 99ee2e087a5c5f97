import * as tf from '@tensorflow/tfjs-core';
import { badOption } from './checks.js';

/** What becomes of the loss of each sample and class. */
export type Reduction = 'mean' | 'sum' | 'none';

/** Mean or sum as a scalar, or the losses as they are. */
export function reduceLoss(losses: tf.Tensor, reduction: Reduction): tf.Tensor {
  if (reduction === 'mean') return tf.mean(losses);
  if (reduction === 'sum') return tf.sum(losses);
  if (reduction === 'none') return losses;
  throw badOption('reduction', "'mean', 'sum' or 'none'", reduction);
}
