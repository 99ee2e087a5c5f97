import * as tf from '@tensorflow/tfjs-core';
import { convolve, type Triple } from './convolution.js';

/**
 * 3-D convolution of stride 1 whose taps lie `dilation` voxels apart (Yu and Koltun 2016), zeros padded on both sides.
 * x [N, D, H, W, I], filter [kd, kh, kw, I, O]; sides become side + 2 padding - dilation (kernel - 1). TensorFlow.js refuses the gradient
 * of a dilated convolution: here every `dilation`-th voxel makes a volume of its own, and those are convolved as a batch.
 */
export function convolveDilated(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  dilation: Triple,
  padding: Triple,
): tf.Tensor5D {
  if (dilation.every((step) => step === 1)) return convolve(x, filter, [1, 1, 1], padding);
  const steps = [...dilation];
  // What the last volumes lack of a whole number of voxels is padded, and cropped from the result.
  const lacking = steps.map((step, axis) => (step - (paddedSide(x, padding, axis) % step)) % step);
  const margins = padding.map((side, axis): [number, number] => [side, side + (lacking[axis] as number)]);
  const batched = tf.spaceToBatchND(x, steps, margins) as tf.Tensor5D;
  const convolved = convolve(batched, filter, [1, 1, 1], [0, 0, 0]);
  return tf.batchToSpaceND(
    convolved,
    steps,
    lacking.map((side) => [0, side]),
  ) as tf.Tensor5D;
}

function paddedSide(x: tf.Tensor5D, padding: Triple, axis: number): number {
  return (x.shape[axis + 1] as number) + 2 * (padding[axis] as number);
}
