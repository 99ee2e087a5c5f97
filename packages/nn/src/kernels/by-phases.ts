import * as tf from '@tensorflow/tfjs-core';
import type { Grid, Sides, Taps } from './grid.js';
import { convolveStridedPhases } from './strided-phases.js';

/**
 * A dilated convolution as ordinary ones: every `dilation`-th voxel makes a grid of its own, a phase, and all phases are convolved as one batch.
 * `convolution` gets that batch, padded, and the stride to take. x [N, ...sides, C]; the result's sides are
 * floor((side + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.
 */
export function convolveByPhases<T extends Grid>(
  x: T,
  taps: Taps,
  convolution: (phases: T, stride: Sides) => T,
): T {
  if (taps.stride.some((step) => step !== 1)) return convolveStridedPhases(x, taps, convolution);
  const { stride, padding } = taps;
  const dilation = [...taps.dilation];
  // What the last phases lack of a whole number of voxels is padded, and cropped from the result.
  const lacking = dilation.map((step, axis) => {
    const side = (x.shape[axis + 1] as number) + 2 * (padding[axis] as number);
    return (step - (side % step)) % step;
  });
  const margins = padding.map((side, axis) => [side, side + (lacking[axis] as number)]);
  const phases = tf.spaceToBatchND(x as tf.Tensor, dilation, margins) as T;
  const crops = lacking.map((side) => [0, side]);
  return tf.batchToSpaceND(convolution(phases, stride) as tf.Tensor, dilation, crops) as T;
}
