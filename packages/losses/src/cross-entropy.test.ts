import { loadEngine } from '@bipvl/engine';
import { compare, numericGradient } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  binaryCrossEntropyLoss,
  crossEntropyLoss,
  diceCrossEntropyLoss,
  diceLoss,
  focalLoss,
  LossError,
  regionSegmentationLoss,
  segmentationLoss,
} from './index.js';

beforeAll(async () => {
  await loadEngine();
});

const labels = [0, 1, 1];
const logits = [2, -1, 0.5, 1, -1, 0];

function value(tensor: tf.Tensor): number {
  return tensor.dataSync()[0] ?? Number.NaN;
}

describe('golden values of spec/bipvl-seg.md section 14', () => {
  test('4: cross-entropy, and its sum with Dice', () => {
    const [z, y] = [tf.tensor(logits, [1, 3, 2]), tf.tensor(labels, [1, 3], 'int32')];
    expect(value(crossEntropyLoss(z, y))).toBeCloseTo(0.278642, 5);
    expect(value(segmentationLoss(z, y))).toBeCloseTo(0.51415, 5);
  });

  test('5: multi-hot softmax and binary cross-entropy', () => {
    const z = tf.tensor([1, 2, -1, -2, 0.5, -3], [1, 2, 3]);
    const g = tf.tensor([1, 1, 0, 0, 0, 0], [1, 2, 3]);
    expect(value(crossEntropyLoss(z, g))).toBeCloseTo(0.849012, 5);
    expect(value(binaryCrossEntropyLoss(z, g))).toBeCloseTo(0.317174, 5);
  });
});

describe('segmentation losses', () => {
  test('the loss of overlapping regions is squared sigmoid Dice plus binary cross-entropy', () => {
    const z = tf.sin(tf.reshape(tf.range(0, 24), [1, 2, 2, 2, 3]));
    const g = tf.cast(tf.greater(tf.cos(tf.mul(z, 9)), 0), 'float32');
    const dice = diceLoss(z, g, { activation: 'sigmoid', squaredDenominator: true, smoothNumerator: 0 });
    expect(value(regionSegmentationLoss(z, g))).toBeCloseTo(
      value(dice) + value(binaryCrossEntropyLoss(z, g)),
      6,
    );
  });

  test('Dice plus cross-entropy is the weighted sum of both, labels smoothed for the entropy alone', () => {
    const z = tf.sin(tf.reshape(tf.range(0, 60), [2, 10, 3]));
    const y = tf.tensor(
      Array.from({ length: 20 }, (_, i) => i % 3),
      [2, 10],
      'int32',
    );
    const sum = diceCrossEntropyLoss(z, y, { diceWeight: 0.3, crossEntropyWeight: 0.7, labelSmoothing: 0.2 });
    const parts = 0.3 * value(diceLoss(z, y)) + 0.7 * value(crossEntropyLoss(z, y, { labelSmoothing: 0.2 }));
    expect(value(sum)).toBeCloseTo(parts, 5);
  });

  test('two samples give the mean of each alone', () => {
    const z = tf.sin(tf.reshape(tf.range(0, 24), [2, 4, 3]));
    const y = tf.tensor([0, 1, 2, 2, 1, 1, 0, 2], [2, 4], 'int32');
    const alone = [0, 1].map((n) =>
      value(segmentationLoss(tf.slice(z, [n, 0, 0], [1, 4, 3]), tf.slice(y, [n, 0], [1, 4]))),
    );
    expect(value(segmentationLoss(z, y))).toBeCloseTo(((alone[0] ?? 0) + (alone[1] ?? 0)) / 2, 5);
  });
});

/** Losses with a closed-form gradient, in float64 for one sample, against which that gradient is checked. */
const definitions: readonly [
  string,
  (z: tf.Tensor, g: tf.Tensor) => tf.Tensor,
  (z: Float64Array, g: readonly number[]) => number,
][] = [
  [
    'cross-entropy',
    (z, g) => crossEntropyLoss(z, g),
    (z, g) => meanOver(z, g, softmaxRows, (p, t) => -t * Math.log(p)) * 3,
  ],
  [
    'binary cross-entropy',
    (z, g) => binaryCrossEntropyLoss(z, g),
    (z, g) => meanOver(z, g, sigmoids, binary),
  ],
  [
    'softmax focal',
    (z, g) => focalLoss(z, g, { activation: 'softmax', gamma: 1.5 }),
    (z, g) => meanOver(z, g, softmaxRows, (p, t) => -t * (1 - p) ** 1.5 * Math.log(p)),
  ],
  [
    'sigmoid focal',
    (z, g) => focalLoss(z, g, { gamma: 2, alpha: 0.3 }),
    (z, g) => meanOver(z, g, sigmoids, (p, t) => (t ? 0.3 * (1 - p) ** 2 : 0.7 * p ** 2) * binary(p, t)),
  ],
];

describe('gradients', () => {
  test.each(definitions)('%s has the gradient of its definition', (_, loss, reference) => {
    const z = Array.from({ length: 12 }, (_, i) => 2 * Math.sin(5 * i + 1));
    const g = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0];
    const gradient = tf
      .grad((x) => loss(x, tf.tensor(g, [1, 4, 3])))(tf.tensor(z, [1, 4, 3]))
      .dataSync();
    const expected = numericGradient((x) => reference(x, g), z);
    expect(compare(gradient, expected, { atol: 1e-6 }).message).toMatch(/^equal/);
  });

  test.each(['softmax', 'sigmoid'] as const)(
    '%s focal loss stays finite for sure predictions, right or wrong',
    (activation) => {
      const y = tf.tensor([0, 1, 1], [1, 3], 'int32');
      const z = tf.tensor([200, -200, 200, -200, -200, 200], [1, 3, 2]);
      for (const gamma of [0, 0.5, 2]) {
        const { value: loss, grad } = tf.valueAndGrad(
          (x) => focalLoss(x, y, { activation, gamma }) as tf.Scalar,
        )(z);
        expect([...loss.dataSync(), ...grad.dataSync()].every(Number.isFinite)).toBe(true);
      }
    },
  );
});

describe('bad input', () => {
  const z = (): tf.Tensor => tf.zeros([1, 4, 3]);
  const y = (): tf.Tensor => tf.zeros([1, 4], 'int32');
  test.each([
    ['smoothing of 1', () => crossEntropyLoss(z(), y(), { labelSmoothing: 1 })],
    ['a missing class weight', () => crossEntropyLoss(z(), y(), { classWeights: [1] })],
    ['a negative weight of Dice', () => diceCrossEntropyLoss(z(), y(), { diceWeight: -1 })],
    [
      'smoothing of regions',
      () => diceCrossEntropyLoss(z(), z(), { activation: 'sigmoid', labelSmoothing: 0.1 }),
    ],
    [
      'class weights without background',
      () => diceCrossEntropyLoss(z(), y(), { classWeights: [1, 1], includeBackground: false }),
    ],
    ['negative gamma', () => focalLoss(z(), y(), { gamma: -1 })],
    ['alpha above 1', () => focalLoss(z(), y(), { alpha: 2 })],
    [
      'alpha without background',
      () => focalLoss(z(), y(), { activation: 'softmax', alpha: 0.5, includeBackground: false }),
    ],
    ['an unknown reduction', () => focalLoss(z(), y(), { reduction: 'max' as 'mean' })],
    ['an unknown activation', () => focalLoss(z(), y(), { activation: 'relu' as 'sigmoid' })],
  ])('%s is refused', (_, act) => {
    expect(() => tf.tidy(() => void act())).toThrow(
      expect.objectContaining({ code: 'bad-option', name: 'LossError' }),
    );
  });

  test('LossError is known by its name and marker', () => {
    expect(LossError.isInstance(new Error('x'))).toBe(false);
  });
});

function softmaxRows(z: Float64Array): number[] {
  return Array.from({ length: z.length / 3 }).flatMap((_, row) => {
    const powers = [...z.slice(3 * row, 3 * row + 3)].map(Math.exp);
    const total = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / total);
  });
}

function sigmoids(z: Float64Array): number[] {
  return [...z].map((x) => 1 / (1 + Math.exp(-x)));
}

function binary(p: number, t: number): number {
  return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
}

function meanOver(
  z: Float64Array,
  g: readonly number[],
  activation: (z: Float64Array) => number[],
  loss: (p: number, t: number) => number,
): number {
  return activation(z).reduce((sum, p, i) => sum + loss(p, g[i] ?? 0), 0) / z.length;
}
