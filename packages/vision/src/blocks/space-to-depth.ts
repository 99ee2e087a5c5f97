import type { Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Joins the voxels of each block of `scale` in the channels, the last voxel axis fastest and each voxel's own channels together: [N, D, H, W, C] to
 * [N, D / a, H / b, W / c, a b c C]. The scale divides the sides.
 */
export function spaceToDepth(x: tf.Tensor5D, scale: Triple): tf.Tensor5D {
  const [a, b, c] = scale;
  const [batch, depth, height, width, channels] = x.shape;
  // A row of c voxels lies in one piece, so that six axes are enough.
  const blocks = tf.reshape(x, [batch * (depth / a), a, height / b, b, width / c, c * channels]);
  const joined = tf.transpose(blocks, [0, 2, 4, 1, 3, 5]);
  return tf.reshape(joined, [batch, depth / a, height / b, width / c, a * b * c * channels]);
}
