import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { meanTokens, poolTokens } from './pooling.js';

beforeAll(async () => {
  await loadEngine();
});

/** Three texts of three tokens of width 2; the last is nothing but padding. */
function state() {
  const rows = [
    [
      [1, 2],
      [3, 4],
      [100, 100],
    ],
    [
      [5, 6],
      [7, 8],
      [9, 13],
    ],
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  ];
  const mask = [
    [1, 1, 0],
    [1, 1, 1],
    [0, 0, 0],
  ];
  return { tokens: tf.tensor3d(rows), mask: tf.tensor2d(mask) };
}

describe('pooling', () => {
  test('the mean leaves padding out; a text without tokens gives zeros', () => {
    expect(meanTokens(state()).arraySync()).toEqual([
      [2, 3],
      [7, 9],
      [0, 0],
    ]);
    expect(poolTokens(state(), 'mean').arraySync()).toEqual(meanTokens(state()).arraySync());
  });

  test('the class token is the first', () => {
    expect(poolTokens(state(), 'class').arraySync()).toEqual([
      [1, 2],
      [5, 6],
      [1, 1],
    ]);
  });

  test('the gradient of the mean is the share of each token', () => {
    const { tokens, mask } = state();
    const gradient = tf.grad((x) => tf.sum(meanTokens({ tokens: x, mask })))(tokens);
    expect(tf.slice(gradient, 0, 1).arraySync()).toEqual([
      [
        [0.5, 0.5],
        [0.5, 0.5],
        [0, 0],
      ],
    ]);
  });

  test('leaves its result alone behind', () => {
    const given = state();
    const before = tf.memory().numTensors;
    poolTokens(given, 'mean');
    expect(tf.memory().numTensors - before).toBe(1);
  });
});
