import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { adaptiveAveragePool } from './adaptive-average-pool.js';
import { averagePool } from './average-pool.js';

beforeAll(async () => {
  await loadEngine();
});

const uniform = (shape: number[]): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', 5);

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const verdict = compare(actual.dataSync(), expected.dataSync(), { atol: 1e-5 });
  expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
}

test('seven voxels in three windows, by hand', () => {
  const x = tf.tensor3d([1, 2, 4, 8, 16, 32, 64], [1, 7, 1]);
  // Voxels 0 to 2, 2 to 4 and 4 to 6: the windows share their ends.
  const expected = [(1 + 2 + 4) / 3, (4 + 8 + 16) / 3, (16 + 32 + 64) / 3];
  expectSame(adaptiveAveragePool(x, [3]), tf.tensor3d(expected, [1, 3, 1]));
});

/** torch.nn.functional.adaptive_avg_pool2d(torch.arange(15.).reshape(1, 1, 3, 5) ** 2, (2, 3)), and its gradient under weights 1 to 6. */
test('equals PyTorch on odd sides, and so does its gradient', () => {
  const x = tf.reshape(tf.square(tf.range(0, 15)), [1, 3, 5, 1]);
  const y = [15.5, 27.1666667, 42.5, 70.5, 97.1666667, 127.5];
  expectSame(adaptiveAveragePool(x, [2, 3]), tf.tensor4d(y, [1, 2, 3, 1]));
  const weights = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]);
  const back = tf.grad((at) => tf.sum(tf.mul(adaptiveAveragePool(at, [2, 3]), weights)))(x);
  const gradient = [
    0.25, 0.5833333, 0.3333333, 1.0833333, 0.75, 1.25, 2.4166667, 1.1666667, 3.4166667, 2.25, 1, 1.8333333,
    0.8333333, 2.3333333, 1.5,
  ];
  expectSame(back, tf.tensor4d(gradient, [1, 3, 5, 1]));
});

test.each([
  [
    [3, 4, 6, 2, 3],
    [2, 3, 1],
  ],
  [
    [1, 1, 9, 3, 2],
    [1, 3, 3],
  ],
])('where the windows divide the sides of %s, equals the plain average', (shape, grid) => {
  const x = uniform(shape);
  const window = grid.map((windows, axis) => (shape[axis + 1] as number) / windows);
  const [d, h, w] = window as [number, number, number];
  expectSame(adaptiveAveragePool(x, grid), averagePool(x as tf.Tensor5D, [d, h, w]));
});

test.each([
  [
    [1, 5, 3, 7, 2],
    [2, 3, 4],
  ],
  [
    [3, 4, 5, 2],
    [1, 2],
  ],
  [
    [2, 1, 1, 1, 3],
    [1, 1, 1],
  ],
])('gradients of %s to %s by finite differences; a batch is its samples', (shape, grid) => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = uniform(shape);
    expect(gradientError((at) => adaptiveAveragePool(at, grid), [x])).toBeLessThan(1e-3);
    const singles = tf.split(x, shape[0] as number).map((sample) => adaptiveAveragePool(sample, grid));
    expectSame(adaptiveAveragePool(x, grid), tf.concat(singles));
  });
  expect(tf.memory().numTensors).toBe(before);
});
