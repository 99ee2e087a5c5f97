import { loadEngine } from '@bipvl/engine';
import { compare, numericGradient } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { pairwiseSigmoidLoss, symmetricInfoNceLoss, uncertaintyWeighted } from './index.js';

beforeAll(async () => {
  await loadEngine();
});

describe('uncertaintyWeighted', () => {
  const losses = [1.2, 0.7, 3];
  const s = [0.1, -0.2, 0.3];

  test('has the golden value 3 of the paper form', () => {
    const total = uncertaintyWeighted(
      losses.map((loss) => tf.scalar(loss)),
      tf.tensor1d(s),
    );
    expect(total.dataSync()[0]).toBeCloseTo(2.181621, 5);
  });

  test('has gradients for the losses and the variances', () => {
    const inputs = [...losses.map((loss) => tf.scalar(loss)), tf.tensor1d(s)];
    const slopes = tf.grads((...all: tf.Tensor[]) =>
      uncertaintyWeighted(all.slice(0, 3), all[3] as tf.Tensor),
    )(inputs);
    const ofLosses = slopes.slice(0, 3).map((slope) => slope.dataSync()[0] ?? Number.NaN);
    const halves = s.map((x) => 0.5 * Math.exp(-x));
    expect(compare(ofLosses, halves, { atol: 1e-6 }).message).toMatch(/^equal/);
    const expected = numericGradient(
      (x) =>
        losses.reduce((sum, loss, i) => sum + 0.5 * Math.exp(-(x[i] ?? 0)) * loss + 0.5 * (x[i] ?? 0), 0),
      s,
    );
    expect(compare(slopes[3]?.dataSync() ?? [], expected, { atol: 1e-6 }).message).toMatch(/^equal/);
  });

  test('is least where s is the logarithm of the loss', () => {
    const loss = tf.scalar(2.5);
    const slope = tf.grad((x) => uncertaintyWeighted([loss], x))(tf.tensor1d([Math.log(2.5)]));
    expect(slope.dataSync()[0]).toBeCloseTo(0, 6);
  });

  test.each([
    ['a loss that is no scalar', () => uncertaintyWeighted([tf.zeros([2])], tf.zeros([1]))],
    ['another number of variances', () => uncertaintyWeighted([tf.scalar(1)], tf.zeros([2]))],
    ['unpaired vectors', () => symmetricInfoNceLoss(tf.zeros([2, 3]), tf.zeros([3, 3]), tf.scalar(0))],
    ['a scale for each pair', () => symmetricInfoNceLoss(tf.zeros([2, 3]), tf.zeros([2, 3]), tf.zeros([2]))],
    [
      'a bias for each pair',
      () => pairwiseSigmoidLoss(tf.zeros([2, 3]), tf.zeros([2, 3]), tf.scalar(0), tf.zeros([2])),
    ],
  ])('%s is refused', (_, act) => {
    expect(() => tf.tidy(() => void act())).toThrow(
      expect.objectContaining({ code: 'bad-shape', name: 'LossError' }),
    );
  });
});
