import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { classEmbeddingLoss, crossEntropyLoss, type Grid, pseudoLabels, pseudoRegions } from './index.js';
import { resizeTrilinear } from './resize.js';

beforeAll(async () => {
  await loadEngine();
});

/** A volume [1, D, H, W, 1] whose value at (d, h, w) is given. */
function volume(sides: Grid, at: (d: number, h: number, w: number) => number): tf.Tensor5D {
  const [depth, height, width] = sides;
  const values = Array.from({ length: depth * height * width }, (_, i) => {
    return at(Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width);
  });
  return tf.tensor(values, [1, depth, height, width, 1]) as tf.Tensor5D;
}

describe('resizeTrilinear', () => {
  test.each([0, 1, 2])('takes a ramp of 96 along axis %i to 15.5, 47.5, 79.5 (golden value 7)', (axis) => {
    const sides: Grid = [axis === 0 ? 96 : 1, axis === 1 ? 96 : 1, axis === 2 ? 96 : 1];
    const grid: Grid = [axis === 0 ? 3 : 1, axis === 1 ? 3 : 1, axis === 2 ? 3 : 1];
    const ramp = volume(sides, (d, h, w) => d + h + w);
    expect([...resizeTrilinear(ramp, grid).dataSync()]).toEqual([15.5, 47.5, 79.5]);
  });

  test('averages the eight central voxels for even factors', () => {
    const field = volume([8, 4, 8], (d, h, w) => Math.sin(3 * d + 5 * h + 7 * w));
    const resized = resizeTrilinear(field, [2, 2, 2]).dataSync();
    let sum = 0;
    for (const d of [5, 6])
      for (const h of [0, 1]) for (const w of [1, 2]) sum += Math.sin(3 * d + 5 * h + 7 * w);
    expect(resized[4]).toBeCloseTo(sum / 8, 6);
  });

  test('takes the centre for odd factors, keeps factor 1, and clamps at the border when enlarging', () => {
    const ramp = volume([9, 5, 2], (d, h, w) => 100 * d + 10 * h + w);
    const resized = resizeTrilinear(ramp, [3, 5, 4]);
    expect(resized.shape).toEqual([1, 3, 5, 4, 1]);
    const first = [...resized.dataSync()].slice(0, 4).map((x) => Math.round(x * 1e4) / 1e4);
    expect(first).toEqual([100, 100.25, 100.75, 101]);
  });
});

describe('pseudo labels', () => {
  test('are the argmax of the resized logits', () => {
    const first = volume([4, 4, 4], (d) => (d < 2 ? 1 : -1));
    const logits = tf.concat([first, tf.zerosLike(first)], 4);
    const labels = pseudoLabels(logits, [2, 2, 2]);
    expect(labels.dtype).toBe('int32');
    expect(labels.shape).toEqual([1, 8]);
    expect([...labels.dataSync()]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  test('regions may overlap or all be absent', () => {
    const logits = tf.tensor([1, 2, -1, -1, -2, -3], [1, 2, 1, 1, 3]);
    expect([...pseudoRegions(logits, [2, 1, 1]).dataSync()]).toEqual([1, 1, 0, 0, 0, 0]);
  });

  test('let no gradient through to the decoder', () => {
    const decoder = tf.variable(tf.sin(tf.reshape(tf.range(0, 128), [1, 4, 4, 4, 2])));
    const head = tf.variable(tf.sin(tf.reshape(tf.range(0, 16), [1, 8, 2])));
    const loss = (): tf.Scalar => classEmbeddingLoss(head, pseudoLabels(decoder, [2, 2, 2]));
    const { grads } = tf.variableGrads(loss, [head, decoder]);
    expect(grads[head.name]).toBeDefined();
    expect(grads[decoder.name]).toBeUndefined();
  });
});

describe('classEmbeddingLoss', () => {
  test('is the cross-entropy with labels and the binary one with regions', () => {
    const logits = tf.tensor([2, 0, 0, 0], [1, 2, 2]);
    const labels = tf.tensor([0, 1], [1, 2], 'int32');
    expect(classEmbeddingLoss(logits, labels).dataSync()).toEqual(
      crossEntropyLoss(logits, labels).dataSync(),
    );
    const regions = classEmbeddingLoss(logits, tf.ones([1, 2, 2])).dataSync()[0];
    expect(regions).toBeCloseTo((Math.log(1 + Math.exp(-2)) + 3 * Math.log(2)) / 4, 6);
  });

  test.each([
    [
      'logits that are not [B, S, C]',
      'bad-shape',
      () => classEmbeddingLoss(tf.zeros([2, 3]), tf.zeros([2], 'int32')),
    ],
    [
      'labels of another grid',
      'bad-shape',
      () => classEmbeddingLoss(tf.zeros([1, 8, 2]), tf.zeros([1, 4], 'int32')),
    ],
    ['a volume without channels', 'bad-shape', () => pseudoLabels(tf.zeros([1, 4, 4, 4]), [2, 2, 2])],
    ['an empty grid', 'bad-option', () => pseudoLabels(tf.zeros([1, 4, 4, 4, 2]), [0, 2, 2])],
  ])('refuses %s', (_, code, act) => {
    expect(() => tf.tidy(() => void act())).toThrow(expect.objectContaining({ code, name: 'LossError' }));
  });
});
