import * as tf from '@tensorflow/tfjs-core';
import { badOption, requireNonNegative, requireWeights } from './checks.js';
import { classFirst } from './class-first.js';
import type { Reduction } from './reduction.js';

export interface FocalOptions {
  /** Default `sigmoid`. */
  readonly activation?: 'softmax' | 'sigmoid';
  /** How strongly easy voxels are faded out. Default 2. */
  readonly gamma?: number;
  /**
   * Weight of the positive part in [0, 1], 1 - alpha being that of the negative one (with softmax: of class
   * 0).
   */
  readonly alpha?: number;
  /** Without it the logits of class 0 are cut off before the activation. Default true. */
  readonly includeBackground?: boolean;
  /** A factor for each counted class. */
  readonly classWeights?: readonly number[];
  /**
   * Over voxels first, then over samples and classes: `sum` adds voxel means; `none` gives [N, C, V]. Default
   * `mean`.
   */
  readonly reduction?: Reduction;
}

/**
 * Focal loss (Lin et al. 2017), conventions as in MONAI. Logits are `[N, ..., C]`; the target is int32 labels
 * `[N, ...]` in [0, C) or one value for each class `[N, ..., C]`.
 * @throws LossError `bad-shape`, `bad-labels`, `bad-option`
 */
export function focalLoss(logits: tf.Tensor, target: tf.Tensor, options: FocalOptions = {}): tf.Tensor {
  const { activation = 'sigmoid', gamma = 2, includeBackground = true, reduction = 'mean' } = options;
  checkOptions(logits, options);
  return tf.tidy(() => {
    const inputs = classFirst(logits, target);
    const counted = (tensor: tf.Tensor3D): tf.Tensor3D =>
      includeBackground ? tensor : tf.slice(tensor, [0, 1, 0]);
    const g = counted(inputs.target);
    const focal = activation === 'softmax' ? softmaxFocal : sigmoidFocal;
    const losses = focal(counted(inputs.logits), g, balance(g, options), gamma);
    if (reduction === 'none') return losses;
    const voxelMeans = tf.mean(losses, 2);
    return reduction === 'mean' ? tf.mean(voxelMeans) : tf.sum(voxelMeans);
  });
}

/** The constant factor of every voxel and class, broadcastable to [N, C, V]. */
function balance(g: tf.Tensor3D, { activation = 'sigmoid', alpha, classWeights }: FocalOptions): tf.Tensor {
  const classes = g.shape[1];
  if (classWeights) requireWeights('classWeights', classWeights, classes);
  const perClass = tf.tensor([...(classWeights ?? Array<number>(classes).fill(1))], [1, classes, 1]);
  if (alpha === undefined) return perClass;
  if (activation === 'sigmoid')
    return tf.mul(perClass, tf.add(tf.mul(g, alpha), tf.mul(tf.sub(1, g), 1 - alpha)));
  const ofClass = Array.from({ length: classes }, (_, index) => (index === 0 ? 1 - alpha : alpha));
  return tf.mul(perClass, tf.tensor(ofClass, [1, classes, 1]));
}

/** -g w (1 - p)^gamma log p, with its gradient in closed form. */
function softmaxFocal(z: tf.Tensor3D, g: tf.Tensor3D, weights: tf.Tensor, gamma: number): tf.Tensor3D {
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [logits, save] = args as [tf.Tensor3D, tf.GradSaveFunc];
    const shifted = tf.sub(logits, tf.max(logits, 1, true));
    const logP = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
    const factor = tf.mul(tf.mul(g, weights), fading(tf.sub(1, tf.exp(logP)), gamma));
    save([logP, factor]);
    return {
      value: tf.neg(tf.mul(factor, logP)),
      gradFunc: (dy, saved) => softmaxFocalGradient(dy, saved, gamma),
    };
  })(z) as tf.Tensor3D;
}

function softmaxFocalGradient(dy: tf.Tensor, saved: tf.Tensor[], gamma: number): tf.Tensor {
  const [logP, factor] = saved as [tf.Tensor, tf.Tensor];
  const p = tf.exp(logP);
  // p log p / (1 - p) lies in [-1, 0] and tends to -1 where p tends to 1.
  const bend = tf.div(tf.mul(p, logP), tf.maximum(tf.sub(1, p), smallest));
  const ofLogP = tf.mul(tf.mul(dy, factor), tf.sub(tf.mul(gamma, bend), 1));
  return tf.sub(ofLogP, tf.mul(p, tf.sum(ofLogP, 1, true)));
}

/** w (1 - q)^gamma BCE, q being the probability of what is true; with its gradient in closed form. */
function sigmoidFocal(z: tf.Tensor3D, g: tf.Tensor3D, weights: tf.Tensor, gamma: number): tf.Tensor3D {
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [logits, save] = args as [tf.Tensor3D, tf.GradSaveFunc];
    const p = tf.sigmoid(logits);
    const entropy = tf.sub(
      tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits))))),
      tf.mul(logits, g),
    );
    const sign = tf.sub(tf.mul(2, g), 1);
    const wrong = tf.sigmoid(tf.neg(tf.mul(logits, sign)));
    const factor = tf.mul(weights, fading(wrong, gamma));
    save([p, g, entropy, factor, tf.mul(sign, tf.sub(1, wrong))]);
    return {
      value: tf.mul(factor, entropy),
      gradFunc: (dy, saved) => sigmoidFocalGradient(dy, saved, gamma),
    };
  })(z) as tf.Tensor3D;
}

function sigmoidFocalGradient(dy: tf.Tensor, saved: tf.Tensor[], gamma: number): tf.Tensor {
  const [p, g, entropy, factor, signedRight] = saved as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const ofEntropy = tf.sub(p, g);
  const ofFading = tf.mul(tf.mul(gamma, entropy), signedRight);
  return tf.mul(tf.mul(dy, factor), tf.sub(ofEntropy, ofFading));
}

/** x^gamma for x in [0, 1], 1 where gamma is 0. */
function fading(x: tf.Tensor, gamma: number): tf.Tensor {
  if (gamma === 2) return tf.square(x);
  return gamma === 0 ? tf.onesLike(x) : tf.pow(x, gamma);
}

const smallest = 1e-7;

function checkOptions(logits: tf.Tensor, options: FocalOptions): void {
  const { activation = 'sigmoid', gamma = 2, alpha, includeBackground = true, reduction = 'mean' } = options;
  if (activation !== 'softmax' && activation !== 'sigmoid')
    throw badOption('activation', "'softmax' or 'sigmoid'", activation);
  if (!['mean', 'sum', 'none'].includes(reduction))
    throw badOption('reduction', "'mean', 'sum' or 'none'", reduction);
  if (!includeBackground && (logits.shape.at(-1) ?? 0) < 2)
    throw badOption('includeBackground', 'true for a single class', false);
  requireNonNegative('gamma', gamma);
  if (alpha === undefined) return;
  if (!(alpha >= 0 && alpha <= 1)) throw badOption('alpha', 'a number in [0, 1]', alpha);
  if (activation === 'softmax' && !includeBackground)
    throw badOption('alpha', 'absent where softmax leaves out the background', alpha);
}
