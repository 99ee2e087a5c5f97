import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { averagePool } from './average-pool.js';
import type { Triple } from './convolution.js';

beforeAll(async () => {
  await loadEngine();
});

function uniform(shape: number[]): tf.Tensor5D {
  const drawn: tf.Tensor = tf.randomUniform(shape, -1, 1, 'float32', 5);
  return drawn as tf.Tensor5D;
}

/** The definition, voxel by voxel. */
function byHand(x: tf.Tensor5D, [a, b, c]: Triple): { shape: number[]; values: number[] } {
  const data = x.arraySync();
  const [n, d, h, w, channels] = x.shape;
  const shape = [n, Math.floor(d / a), Math.floor(h / b), Math.floor(w / c), channels];
  const values = data.flatMap((image) =>
    every(shape[1], (z) =>
      every(shape[2], (y) =>
        every(shape[3], (v) =>
          every(channels, (channel) => {
            const window = every(a, (i) =>
              every(b, (j) => every(c, (k) => [image[z * a + i]?.[y * b + j]?.[v * c + k]?.[channel] ?? 0])),
            );
            return [window.reduce((sum, value) => sum + value, 0) / window.length];
          }),
        ),
      ),
    ),
  );
  return { shape, values };
}

function every(count: number | undefined, numbers: (index: number) => number[]): number[] {
  return Array.from({ length: count ?? 0 }, (_, index) => numbers(index)).flat();
}

test.each<[number[], Triple]>([
  [
    [1, 4, 6, 2, 3],
    [2, 2, 2],
  ],
  [
    [3, 4, 6, 2, 2],
    [2, 3, 1],
  ],
  // Odd sides: PyTorch's AvgPool3d leaves the remainder out as well.
  [
    [1, 5, 3, 7, 1],
    [2, 2, 3],
  ],
  [
    [3, 1, 1, 2, 4],
    [1, 1, 2],
  ],
  [
    [1, 2, 2, 2, 5],
    [2, 2, 2],
  ],
])('of [%s] over windows of [%s] has the means and their gradient', (shape, window) => {
  const x = uniform(shape);
  const before = tf.memory().numTensors;
  const y = averagePool(x, window);
  expect(tf.memory().numTensors - before).toBe(1);
  const expected = byHand(x, window);
  expect(y.shape).toEqual(expected.shape);
  expect(compare(y.dataSync(), expected.values, { atol: 1e-6 })).toMatchObject({ verdict: 'equal' });
  expect(gradientError((at) => averagePool(at as tf.Tensor5D, window), [x])).toBeLessThan(2e-3);
});

test('over windows of one voxel gives the tensor itself', () => {
  const x = uniform([1, 2, 3, 4, 2]);
  expect(averagePool(x, [1, 1, 1])).toBe(x);
});

test('of a batch gives what each sample gives alone', () => {
  const x = uniform([2, 4, 4, 4, 3]);
  const singles = tf.split(x, 2).map((sample) => averagePool(sample as tf.Tensor5D, [2, 2, 2]));
  expect(averagePool(x, [2, 2, 2]).dataSync()).toEqual(tf.concat(singles).dataSync());
});
