import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { groupConcepts } from './concept-groups.js';

const vectors = () =>
  tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ]);

beforeAll(async () => {
  await loadEngine();
});

describe('groupConcepts', () => {
  test('pads classes of fewer concepts, also of none, and masks the padding', () => {
    const groups = groupConcepts(vectors(), [3, 0, 1]);
    expect(groups.vectors.arraySync()).toEqual([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      [
        [7, 8],
        [0, 0],
        [0, 0],
      ],
    ]);
    expect(groups.mask.arraySync()).toEqual([
      [1, 1, 1],
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });

  test('every vector gets the gradient of its own place', () => {
    const weights = tf.tensor3d([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ]);
    const objective = (x: tf.Tensor) =>
      tf.sum(tf.mul(groupConcepts(x as tf.Tensor2D, [3, 1]).vectors, weights));
    expect(tf.grad(objective)(vectors()).arraySync()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  test.each([[[2, 1]], [[5, -1]], [[1.5, 2.5]]])('counts %j are refused', (counts) => {
    expect(() => groupConcepts(vectors(), counts)).toThrow(
      expect.objectContaining({ code: 'concept-counts' }),
    );
  });

  test('leaves its two results alone behind', () => {
    const given = vectors();
    const before = tf.memory().numTensors;
    groupConcepts(given, [2, 2]);
    expect(tf.memory().numTensors - before).toBe(2);
  });
});
