import * as tf from '@tensorflow/tfjs-core';
import type { Triple } from './convolution.js';

/** Means over windows side by side: x [N, D, H, W, C] to [N, D / window, H / window, W / window, C], remainders left out. */
export function averagePool(x: tf.Tensor5D, window: Triple): tf.Tensor5D {
  if (window.every((side) => side === 1)) return x;
  const sides: [number, number, number] = [...window];
  return tf.avgPool3d(x, sides, sides, 'valid');
}
