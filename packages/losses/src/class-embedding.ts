import * as tf from '@tensorflow/tfjs-core';
import { badOption, badShape, shapeOf } from './checks.js';
import { binaryCrossEntropyLoss, crossEntropyLoss } from './cross-entropy.js';
import { resizeTrilinear } from './resize.js';

/** Sides of the bottleneck grid along D, H, W. */
export type Grid = readonly [number, number, number];

/**
 * The decoder's own prediction at the bottleneck, argmax of the trilinearly resized logits (BiPVL-Seg, arXiv
 * 2503.23534, L_ClassEmbed): int32 `[B, S]` with S = d h w places in row-major order. No gradient flows back.
 * @param decoderLogits `[B, D, H, W, C]` @throws LossError `bad-shape`, `bad-option`
 */
export function pseudoLabels(decoderLogits: tf.Tensor, grid: Grid): tf.Tensor2D {
  return tf.tidy(() => tf.argMax(atBottleneck(decoderLogits, grid), 2));
}

/**
 * The same for regions that overlap: 1 where the resized logit of a region is positive, else 0; float32 `[B,
 * S, C]`.
 * @param decoderLogits `[B, D, H, W, C]` @throws LossError `bad-shape`, `bad-option`
 */
export function pseudoRegions(decoderLogits: tf.Tensor, grid: Grid): tf.Tensor3D {
  return tf.tidy(() => tf.cast(tf.greater(atBottleneck(decoderLogits, grid), 0), 'float32') as tf.Tensor3D);
}

/**
 * Class-embedding loss: cross-entropy between the class head's logits `[B, S, C]` and pseudo labels `[B, S]`,
 * mean over places, background included; binary cross-entropy where the target is pseudo regions `[B, S, C]`.
 * @throws LossError `bad-shape`, `bad-labels`
 */
export function classEmbeddingLoss(classLogits: tf.Tensor, pseudo: tf.Tensor): tf.Scalar {
  shapeOf('classLogits', classLogits, 'B, S, C');
  return pseudo.rank === 3
    ? binaryCrossEntropyLoss(classLogits, pseudo)
    : crossEntropyLoss(classLogits, pseudo);
}

function atBottleneck(decoderLogits: tf.Tensor, grid: Grid): tf.Tensor3D {
  const [batch = 0, , , , classes = 0] = shapeOf('decoderLogits', decoderLogits, 'B, D, H, W, C');
  if (decoderLogits.size === 0)
    throw badShape('decoderLogits', '[B, D, H, W, C] with no empty axis', decoderLogits.shape);
  if (!grid.every((side) => Number.isInteger(side) && side >= 1))
    throw badOption('grid', 'three whole numbers of at least 1', grid);
  const resized = resizeTrilinear(decoderLogits as tf.Tensor5D, grid);
  return tf.reshape(resized, [batch, grid[0] * grid[1] * grid[2], classes]);
}
