import * as tf from '@tensorflow/tfjs-core';
import { checkAxes, type Grid, type Sides } from './grid.js';

/**
 * Means over windows side by side: x [N, H, W, C] or [N, D, H, W, C] to sides floor(side / window), remainders left out.
 * @throws NetworkError `wrong-rank`.
 */
export function averagePool<T extends Grid>(x: T, window: Sides): T {
  checkAxes('average pooling', x, window.length);
  if (window.every((side) => side === 1)) return x;
  const sides = [...window];
  return (
    x.rank === 4
      ? tf.avgPool(x as tf.Tensor4D, sides as [number, number], sides as [number, number], 'valid')
      : tf.avgPool3d(
          x as tf.Tensor5D,
          sides as [number, number, number],
          sides as [number, number, number],
          'valid',
        )
  ) as T;
}
