import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { gradientError } from '../testing/gradient-check.js';
import { RowOrder, rearrangeRows } from './rearrange-rows.js';

beforeAll(async () => {
  await loadEngine();
});

const x = () =>
  tf.tensor3d([
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [
      [10, 20],
      [30, 40],
      [50, 60],
    ],
  ]);

describe('rows in another order', () => {
  test('are copied, doubled, left out, or zeros, in every sample', () => {
    const order = new RowOrder(Int32Array.from([2, -1, 0, 2]), 3);
    expect(rearrangeRows(x(), order).arraySync()).toEqual([
      [
        [5, 6],
        [0, 0],
        [1, 2],
        [5, 6],
      ],
      [
        [50, 60],
        [0, 0],
        [10, 20],
        [50, 60],
      ],
    ]);
  });

  test('the targets of a row are all its copies', () => {
    const { targets } = new RowOrder(Int32Array.from([2, -1, 0, 2]), 3);
    expect(targets.map((list) => [...list])).toEqual([
      [2, -1, 0],
      [-1, -1, 3],
    ]);
    expect(new RowOrder(Int32Array.from([-1]), 2).targets.map((list) => [...list])).toEqual([[-1, -1]]);
  });

  test('gradients add up over the copies of a row', () => {
    for (const sources of [[2, -1, 0, 2], [0, 1, 2], [1], [1, 1, 1, -1]]) {
      const order = new RowOrder(Int32Array.from(sources), 3);
      expect(gradientError((input) => rearrangeRows(input as tf.Tensor3D, order), [x()])).toBeLessThan(1e-3);
    }
    const thrice = new RowOrder(Int32Array.from([1, 1, 1, -1]), 3);
    const gradient = tf.grad((input: tf.Tensor) => tf.sum(rearrangeRows(input as tf.Tensor3D, thrice)))(x());
    expect(gradient.arraySync()).toEqual(
      Array.from({ length: 2 }, () => [
        [0, 0],
        [3, 3],
        [0, 0],
      ]),
    );
  });

  test('leave one tensor behind', () => {
    const input = x();
    const before = tf.memory().numTensors;
    rearrangeRows(input, new RowOrder(Int32Array.from([2, -1, 0]), 3));
    expect(tf.memory().numTensors - before).toBe(1);
  });
});
