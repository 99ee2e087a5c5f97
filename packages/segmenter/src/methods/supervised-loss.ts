import { segmentationLoss } from '@bipvl/losses';
import type { Prediction } from '@bipvl/vision';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The segmentation loss of the logits and of the auxiliary ones of deep supervision (Lee et al. 2015), which count half as much from level to
 * level; the weights add up to 1 (nnU-Net, Isensee et al. 2021). Labels [B, D, H, W], int32; a coarser level is compared with
 * the label next to the middle of each of its voxels.
 */
export function supervisedLoss({ logits, auxiliary }: Prediction, labels: tf.Tensor4D): tf.Scalar {
  if (auxiliary.length === 0) return segmentationLoss(logits, labels);
  return tf.tidy(() => {
    const outputs = [logits, ...auxiliary];
    const whole = outputs.reduce((sum, _, level) => sum + 2 ** -level, 0);
    const losses = outputs.map((output, level) => {
      const loss = segmentationLoss(output, labelsAt(labels, output.shape.slice(1, 4)));
      return tf.mul(loss, 2 ** -level / whole);
    });
    return tf.addN(losses) as tf.Scalar;
  });
}

/** One label of each block of voxels; the sides divide those of the labels. */
function labelsAt(labels: tf.Tensor4D, sides: readonly number[]): tf.Tensor4D {
  const steps = sides.map((side, axis) => (labels.shape[axis + 1] as number) / side);
  const middle = steps.map((step) => Math.floor(step / 2));
  return tf.stridedSlice(labels, [0, ...middle], labels.shape, [1, ...steps]) as tf.Tensor4D;
}
