import { loadEngine } from '@bipvl/engine';
import type { Triple } from '@bipvl/nn';
import { gradientError } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { spaceToDepth } from './space-to-depth.js';

beforeAll(async () => {
  await loadEngine();
});

/** Places of a box, the last axis fastest. */
function places(sides: readonly number[]): number[][] {
  return sides.reduce<number[][]>(
    (shorter, side) => shorter.flatMap((place) => Array.from({ length: side }, (_, at) => [...place, at])),
    [[]],
  );
}

test.each<[Triple]>([[[2, 2, 2]], [[1, 2, 2]], [[2, 1, 1]], [[1, 1, 1]]])(
  'joins blocks of [%s] voxel by voxel, each with its channels',
  (scale) => {
    const shape: [number, number, number, number, number] = [2, 2, 6, 4, 3];
    const x = tf.reshape(tf.range(0, 2 * 2 * 6 * 4 * 3), shape) as tf.Tensor5D;
    const y = tf.tidy(() => spaceToDepth(x, scale));
    const [a, b, c] = scale;
    const blocks = [2, 2 / a, 6 / b, 4 / c];
    expect(y.shape).toEqual([...blocks, a * b * c * 3]);
    // The specification: channel ((i b + j) c + k) C + m of block p is channel m of voxel p scale + (i, j, k).
    const expected = places([...blocks, a, b, c, 3]).map((place) => {
      const [n, d, h, w, i, j, k, m] = place as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      return (((n * 2 + d * a + i) * 6 + h * b + j) * 4 + w * c + k) * 3 + m;
    });
    expect([...y.dataSync()]).toEqual(expected);
  },
);

test('its gradient is the way back', () => {
  const x = tf.randomUniform([1, 2, 4, 6, 2], -1, 1, 'float32', 1);
  expect(gradientError((at) => spaceToDepth(at as tf.Tensor5D, [1, 2, 2]), [x])).toBeLessThan(1e-3);
});
