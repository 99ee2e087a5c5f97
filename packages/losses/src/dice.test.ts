import { loadEngine } from '@bipvl/engine';
import { compare, numericGradient } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { diceCrossEntropyLoss, diceLoss, generalisedDiceLoss, LossError, tverskyLoss } from './index.js';

beforeAll(async () => {
  await loadEngine();
});

/** spec/bipvl-seg.md section 14, value 4. */
const goldenLogits = [2, -1, 0.5, 1, -1, 0];
const goldenLabels = [0, 1, 1];

function golden(): [tf.Tensor, tf.Tensor] {
  return [tf.tensor(goldenLogits, [1, 3, 2]), tf.tensor(goldenLabels, [1, 3], 'int32')];
}

/** The definition in float64: one sample, softmax, mean over classes. */
function reference(
  logits: ArrayLike<number>,
  labels: readonly number[],
  classes: number,
  squared: boolean,
): number {
  const sums = Array.from({ length: classes }, () => ({ overlap: 0, predicted: 0, labelled: 0 }));
  labels.forEach((label, voxel) => {
    const powers = sums.map((_, c) => Math.exp(logits[voxel * classes + c] ?? 0));
    const total = powers.reduce((a, b) => a + b);
    sums.forEach((sum, c) => {
      const p = (powers[c] ?? 0) / total;
      sum.overlap += c === label ? p : 0;
      sum.predicted += squared ? p * p : p;
      sum.labelled += c === label ? 1 : 0;
    });
  });
  const ratios = sums.map((sum) => (2 * sum.overlap + 1e-5) / (sum.predicted + sum.labelled + 1e-5));
  return 1 - ratios.reduce((a, b) => a + b) / classes;
}

describe('diceLoss', () => {
  test('has the golden values, plain and squared', () => {
    const [logits, labels] = golden();
    expect(diceLoss(logits, labels).dataSync()[0]).toBeCloseTo(0.235508, 5);
    const squared = diceLoss(logits, labels, { squaredDenominator: true, smoothNumerator: 0 });
    expect(squared.dataSync()[0]).toBeCloseTo(0.08828, 5);
  });

  test.each([false, true])(
    'has the gradient of its definition (squared denominator: %s)',
    (squaredDenominator) => {
      const labels = [0, 2, 1, 1, 0, 2, 2, 0];
      const logits = Array.from({ length: 24 }, (_, i) => Math.sin(7 * i) * 2);
      const gradient = tf.grad((z) =>
        diceLoss(z, tf.tensor(labels, [1, 8], 'int32'), { squaredDenominator }),
      )(tf.tensor(logits, [1, 8, 3]));
      const expected = numericGradient((z) => reference(z, labels, 3, squaredDenominator), logits);
      expect(compare(gradient.dataSync(), expected, { atol: 1e-6 }).message).toMatch(/^equal/);
    },
  );

  test('takes labels and their one-hot form alike, in 2-D and 3-D', () => {
    const labels = tf.tensor([0, 1, 2, 1, 0, 0, 2, 2], [1, 2, 2, 2], 'int32');
    const logits = tf.reshape(tf.sin(tf.range(0, 24)), [1, 2, 2, 2, 3]);
    const value = diceLoss(logits, labels).dataSync()[0];
    expect(diceLoss(logits, tf.oneHot(labels, 3)).dataSync()[0]).toBeCloseTo(value ?? 0, 6);
    const flat = diceLoss(tf.reshape(logits, [1, 4, 2, 3]), tf.reshape(labels, [1, 4, 2])).dataSync()[0];
    expect(flat).toBeCloseTo(value ?? 0, 6);
  });

  test('of a perfect prediction is 0, also for classes that are absent', () => {
    const labels = tf.zeros([1, 5], 'int32');
    const logits = tf.mul(tf.oneHot(labels, 3), 100);
    expect(diceLoss(logits, labels).dataSync()[0]).toBeCloseTo(0, 5);
  });

  test('gives one value for each sample and class without reduction', () => {
    const [logits, labels] = golden();
    expect(diceLoss(logits, labels, { reduction: 'none' }).shape).toEqual([1, 2]);
    expect(
      diceLoss(logits, labels, { reduction: 'none', includeBackground: false, batch: true }).shape,
    ).toEqual([1, 1]);
  });

  test('stays finite for logits of +-1e4', () => {
    const [, labels] = golden();
    const logits = tf.tensor([1e4, -1e4, -1e4, 1e4, 1e4, -1e4], [1, 3, 2]);
    const { value, grad } = tf.valueAndGrad((z) => diceCrossEntropyLoss(z, labels))(logits);
    expect(Number.isFinite(value.dataSync()[0])).toBe(true);
    expect([...grad.dataSync()].every(Number.isFinite)).toBe(true);
  });
});

describe('bad input of region losses', () => {
  const logits = (): tf.Tensor => tf.zeros([1, 4, 3]);
  const labels = (): tf.Tensor => tf.zeros([1, 4], 'int32');
  test.each([
    ['logits without voxels', 'bad-shape', () => diceLoss(tf.zeros([4, 3]), tf.zeros([4], 'int32'))],
    ['a target of another grid', 'bad-shape', () => diceLoss(logits(), tf.zeros([1, 5], 'int32'))],
    ['a target of other classes', 'bad-shape', () => diceLoss(logits(), tf.zeros([1, 4, 2]))],
    ['float labels', 'bad-labels', () => diceLoss(logits(), tf.zeros([1, 4]))],
    ['negative smoothing', 'bad-option', () => diceLoss(logits(), labels(), { smoothNumerator: -1 })],
    ['too few weights', 'bad-option', () => diceLoss(logits(), labels(), { classWeights: [1, 1] })],
    [
      'an unknown reduction',
      'bad-option',
      () => diceLoss(logits(), labels(), { reduction: 'max' as 'mean' }),
    ],
    [
      'an unknown activation',
      'bad-option',
      () => diceLoss(logits(), labels(), { activation: 'relu' as 'softmax' }),
    ],
    [
      'no foreground',
      'bad-option',
      () => diceLoss(tf.zeros([1, 4, 1]), labels(), { includeBackground: false }),
    ],
    ['negative alpha', 'bad-option', () => tverskyLoss(logits(), labels(), { alpha: -0.1 })],
    [
      'an unknown weighting',
      'bad-option',
      () => generalisedDiceLoss(logits(), labels(), { weighting: 'cube' as 'square' }),
    ],
  ])('%s is refused', (_, code, act) => {
    const before = tf.memory().numTensors;
    let error: unknown;
    tf.tidy(() => {
      error = caught(act);
    });
    expect(LossError.isInstance(error) && error.code).toBe(code);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('relatives of Dice', () => {
  test('Tversky with 0.5 and 0.5 is Dice up to the smoothing', () => {
    const [logits, labels] = golden();
    const none = { smoothNumerator: 0, smoothDenominator: 0 };
    const dice = diceLoss(logits, labels, none).dataSync()[0] ?? 0;
    expect(tverskyLoss(logits, labels, none).dataSync()[0]).toBeCloseTo(dice, 6);
  });

  test('generalised Dice gives an absent class the largest weight of its sample', () => {
    const logits = tf.tensor([[1, 0, 0, 0, 2, 0]], [1, 2, 3]);
    const labels = tf.tensor([[0, 0]], [1, 2], 'int32');
    const p = tf.softmax(logits).dataSync();
    const overlap = ((p[0] ?? 0) + (p[3] ?? 0)) / 4;
    const expected = 1 - (2 * overlap + 1e-5) / ((2 + 2) / 4 + 1e-5);
    expect(generalisedDiceLoss(logits, labels).dataSync()[0]).toBeCloseTo(expected, 6);
  });
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
