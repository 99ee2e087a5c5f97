import * as tf from '@tensorflow/tfjs-core';
import type { ClassFirst } from './class-first.js';

/**
 * The sums over voxels, each [N, C], that every segmentation loss here is a function of. With p the
 * probabilities and g the target: `overlap` is the sum of p g, `predicted` that of p (or p squared),
 * `labelled` that of g (or g squared), `entropy` that of -g log p for softmax and of the binary cross-entropy
 * for sigmoid.
 */
export interface ClassSums {
  readonly overlap: tf.Tensor2D;
  readonly predicted: tf.Tensor2D;
  readonly labelled: tf.Tensor2D;
  readonly entropy: tf.Tensor2D;
}

export interface SumOptions {
  readonly activation: 'softmax' | 'sigmoid';
  /** Sum the squares of probabilities and target in `predicted` and `labelled`. */
  readonly squared: boolean;
  /** Another target for `entropy` alone, such as smoothed labels. */
  readonly entropyTarget?: tf.Tensor3D | undefined;
}

/**
 * All sums from one pass of the activation, with their gradient in closed form: autodiff of the same formulas
 * keeps and walks over several times as many tensors of the size of the logits.
 */
export function classSums({ logits, target }: ClassFirst, options: SumOptions): ClassSums {
  const { activation, squared, entropyTarget = target } = options;
  const sums = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [z, save] = args as [tf.Tensor3D, tf.GradSaveFunc];
    const { probability, entropy } =
      activation === 'softmax' ? softmax(z, entropyTarget) : sigmoid(z, entropyTarget);
    save([probability, target, entropyTarget]);
    const value = tf.stack([
      sumOf(tf.mul(probability, target)),
      sumOf(squared ? tf.square(probability) : probability),
      entropy,
    ]);
    const gradient = activation === 'softmax' ? softmaxGradient : sigmoidGradient;
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy as tf.Tensor3D, saved, squared),
    };
  })(logits);
  const [overlap, predicted, entropy] = tf.unstack(sums) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  return { overlap, predicted, entropy, labelled: sumOf(squared ? tf.square(target) : target) };
}

interface Activated {
  readonly probability: tf.Tensor3D;
  readonly entropy: tf.Tensor2D;
}

function softmax(z: tf.Tensor3D, target: tf.Tensor3D): Activated {
  const shifted = tf.sub(z, tf.max(z, 1, true));
  const power = tf.exp(shifted);
  const total = tf.sum(power, 1, true);
  const logTotal = tf.reshape(tf.log(total), [z.shape[0], z.shape[2], 1]);
  const entropy = tf.sub(tf.squeeze(tf.matMul(target, logTotal), [2]), sumOf(tf.mul(target, shifted)));
  return { probability: tf.mul(power, tf.reciprocal(total)), entropy: entropy as tf.Tensor2D };
}

function sigmoid(z: tf.Tensor3D, target: tf.Tensor3D): Activated {
  const softplus = tf.add(tf.relu(z), tf.log1p(tf.exp(tf.neg(tf.abs(z)))));
  return { probability: tf.sigmoid(z), entropy: sumOf(tf.sub(softplus, tf.mul(z, target))) };
}

/** With q the derivative by log p through all sums, the gradient of softmax is q - p sum_c q. */
function softmaxGradient(dy: tf.Tensor3D, saved: tf.Tensor[], squared: boolean): tf.Tensor3D {
  const [p, g, h] = saved as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
  const { slope, entropySlope } = slopes(dy, p, g, squared);
  const q = tf.sub(tf.mul(p, slope), tf.mul(h, entropySlope));
  return tf.sub(q, tf.mul(p, tf.sum(q, 1, true)));
}

function sigmoidGradient(dy: tf.Tensor3D, saved: tf.Tensor[], squared: boolean): tf.Tensor3D {
  const [p, g, h] = saved as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
  const { slope, entropySlope } = slopes(dy, p, g, squared);
  const region = tf.mul(tf.mul(p, tf.sub(1, p)), slope);
  return tf.add(region, tf.mul(tf.sub(p, h), entropySlope));
}

/** dL/dp through `overlap` and `predicted` at every voxel, and dL/d`entropy` as [N, C, 1]. */
function slopes(dy: tf.Tensor3D, p: tf.Tensor3D, g: tf.Tensor3D, squared: boolean) {
  const [, n, classes] = dy.shape;
  const rows = tf.unstack(tf.reshape(dy, [3, n, classes, 1])) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
  const [ofOverlap, ofPredicted, entropySlope] = rows;
  const through = squared ? tf.mul(p, tf.mul(2, ofPredicted)) : ofPredicted;
  return { slope: tf.add(tf.mul(g, ofOverlap), through), entropySlope };
}

function sumOf(tensor: tf.Tensor): tf.Tensor2D {
  return tf.sum(tensor, 2);
}
