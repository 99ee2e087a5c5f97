import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gradientError } from '../testing/gradient-check.js';
import { type ResizeMode, resize } from './resize.js';

beforeAll(async () => {
  await loadEngine();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const uniform = (shape: number[], seed: number): tf.Tensor5D =>
  tf.randomUniform<tf.Rank.R5>(shape as [number, number, number, number, number], -1, 1, 'float32', seed);
const expectNear = (actual: tf.Tensor, expected: readonly number[], digits = 4): void => {
  const values = actual.dataSync();
  expect(values.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, digits);
};

describe('resize', () => {
  /** From 1 x 2 x 3 to 2 x 3 x 5, by torch.nn.functional.interpolate; both planes are the same. */
  const published: Record<
    Exclude<ResizeMode, `bilinear${string}`>,
    { plane: number[]; gradient: number[] }
  > = {
    trilinear: {
      plane: [1, 2.2, 4, 2.8, 2, 4.5, 4.5, 4.5, 4.5, 4.5, 8, 6.8, 5, 6.2, 7],
      gradient: [50.6, 65.7, 66.2, 82.6, 101.7, 98.2],
    },
    'trilinear-corners': {
      plane: [1, 2.5, 4, 3, 2, 4.5, 4.5, 4.5, 4.5, 4.5, 8, 6.5, 5, 6, 7],
      gradient: [47.25, 73, 62.25, 77.25, 113, 92.25],
    },
    nearest: {
      plane: [1, 1, 4, 4, 2, 1, 1, 4, 4, 2, 8, 8, 5, 5, 7],
      gradient: [92, 108, 60, 76, 84, 45],
    },
  };
  const modes = Object.keys(published) as (keyof typeof published)[];

  test.each(modes)('%s equals PyTorch, and so does its gradient', (mode) => {
    const x = tf.tensor5d([1, 4, 2, 8, 5, 7], [1, 1, 2, 3, 1]);
    const { plane, gradient } = published[mode];
    expectNear(resize(x, [2, 3, 5], mode), [...plane, ...plane]);
    const weights = tf.reshape(tf.range(1, 31), [1, 2, 3, 5, 1]);
    const back = tf.grad((at) => tf.sum(tf.mul(resize(at as tf.Tensor5D, [2, 3, 5], mode), weights)))(x);
    expectNear(back, gradient, 3);
  });

  test.each(modes)(
    '%s: gradients by finite differences, larger, smaller, one voxel; batches keep apart',
    (mode) => {
      for (const [shape, sides] of [
        [
          [3, 3, 4, 1, 2],
          [5, 2, 3],
        ],
        [
          [1, 2, 2, 5, 3],
          [1, 4, 5],
        ],
      ] as const) {
        const x = uniform([...shape], 1);
        const f = (at: tf.Tensor) => resize(at as tf.Tensor5D, sides, mode);
        expect(f(x).shape).toEqual([shape[0], ...sides, shape[4]]);
        expect(gradientError(f, [x])).toBeLessThan(2e-3);
        const singles = tf.split(x, shape[0]).map(f);
        expectNear(f(x), [...tf.concat(singles).dataSync()], 6);
      }
    },
  );

  test('nearest at whole multiples copies every voxel, and its gradient adds up the copies', () => {
    const x = uniform([2, 3, 1, 2, 2], 1);
    const [sides, factors] = [[6, 3, 2] as const, [2, 3, 1] as const];
    const y = resize(x, sides, 'nearest');
    const [given, copies] = [x.bufferSync(), y.bufferSync()];
    for (let i = 0; i < y.size; i++) {
      const [n, d, h, w, c] = copies.indexToLoc(i) as [number, number, number, number, number];
      const source = [d, h, w].map((at, axis) => Math.floor(at / (factors[axis] as number)));
      expect(copies.values[i]).toBe(given.get(n, ...source, c));
    }
    const back = tf.grad((at) => resize(at as tf.Tensor5D, sides, 'nearest'))(x, tf.ones(y.shape));
    expect([...back.dataSync()]).toEqual(Array.from({ length: x.size }, () => 6));
  });
});
