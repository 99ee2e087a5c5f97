import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { evaluation, training } from '../context.js';
import { gradientError } from '../testing/gradient-check.js';
import { dotProductAttention } from './dot-product-attention.js';

beforeAll(async () => {
  await loadEngine();
});

const uniform = (shape: [number, number, number, number], seed: number): tf.Tensor4D =>
  tf.randomUniform(shape, -1, 1, 'float32', seed);

test('two keys by hand; values may be wider than keys', () => {
  const [queries, keys] = [tf.tensor4d([3], [1, 1, 1, 1]), tf.tensor4d([1, 2], [1, 1, 2, 1])];
  const values = tf.tensor4d([1, 0, 10, 0, 1, 20], [1, 1, 2, 3]);
  const attended = dotProductAttention(queries, keys, values, evaluation(), { scale: 0.5 });
  expect(attended.shape).toEqual([1, 1, 1, 3]);
  // Scores 1.5 and 3.
  const second = Math.exp(3) / (Math.exp(1.5) + Math.exp(3));
  const expected = [1 - second, second, 10 + 10 * second];
  for (const [i, value] of attended.dataSync().entries()) expect(value).toBeCloseTo(expected[i] as number, 5);
});

test('gradients by finite differences; dropout is drawn from the context, in training only', () => {
  const inputs = [uniform([2, 3, 4, 2], 1), uniform([2, 3, 5, 2], 2), uniform([2, 3, 5, 3], 3)];
  const attend = (context: typeof evaluation, dropout = 0) => {
    return ([q, k, v]: readonly tf.Tensor[]) =>
      dotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D, context(), {
        scale: 0.7,
        dropout,
      });
  };
  expect(gradientError((...at) => attend(evaluation)(at), inputs)).toBeLessThan(1e-3);
  const step = (seed: number) => [...attend(() => training(seed, 0), 0.5)(inputs).dataSync()];
  const plain = [...attend(evaluation)(inputs).dataSync()];
  expect([...attend(evaluation, 0.5)(inputs).dataSync()]).toEqual(plain);
  expect(step(1)).toEqual(step(1));
  expect(step(1)).not.toEqual(step(2));
  expect(step(1)).not.toEqual(plain);
});
