import { loadEngine } from '@bipvl/engine';
import { segmentationLoss } from '@bipvl/losses';
import { AdamW, training } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { parseSegmenterConfig } from '../config-schema.js';
import { createSegmenter } from '../create-segmenter.js';
import { supervisedLoss } from './supervised-loss.js';

beforeAll(async () => {
  await loadEngine();
});

const logitsOf = (sides: readonly number[], seed: number): tf.Tensor =>
  tf.randomNormal([2, ...sides, 3], 0, 1, 'float32', seed);
const labels = (): tf.Tensor4D =>
  tf.cast(tf.randomUniform([2, 4, 6, 4], 0, 3, 'float32', 7), 'int32') as tf.Tensor4D;
const value = (loss: tf.Scalar): number => loss.dataSync()[0] as number;

test('is the segmentation loss where there is one output', () => {
  const logits = logitsOf([4, 6, 4], 1);
  const loss = supervisedLoss({ logits, auxiliary: [], extra: {} }, labels());
  expect(value(loss)).toBe(value(segmentationLoss(logits, labels())));
});

test('halves from level to level, compares each with the labels at its grid, and leaves no tensor', () => {
  const logits = logitsOf([4, 6, 4], 1);
  const auxiliary = [logitsOf([4, 3, 2], 2), logitsOf([1, 2, 2], 3)];
  const given = labels();
  const before = tf.memory().numTensors;
  const loss = supervisedLoss({ logits, auxiliary, extra: {} }, given);
  expect(tf.memory().numTensors - before).toBe(1);
  const values = given.arraySync();
  // Steps of 1, 2, 2 start at 0, 1, 1; steps of 4, 3, 2 at 2, 1, 1.
  const first = values.map((image) =>
    image.map((plane) => [1, 3, 5].map((h) => [1, 3].map((w) => plane[h]?.[w] as number))),
  );
  const second = values.map((image) =>
    [2].map((d) => [1, 4].map((h) => [1, 3].map((w) => image[d]?.[h]?.[w] as number))),
  );
  const parts = [given, tf.tensor4d(first, undefined, 'int32'), tf.tensor4d(second, undefined, 'int32')].map(
    (target, level) => value(segmentationLoss([logits, ...auxiliary][level] as tf.Tensor, target)),
  );
  const [a = 0, b = 0, c = 0] = parts;
  expect(value(loss)).toBeCloseTo((4 * a + 2 * b + c) / 7, 5);
});

test.each([
  { name: 'nnunet-plain', channels: [3, 4, 5] },
  { name: 'nnunet-plain', channels: [3, 4, 5], deepSupervision: false },
  { name: 'nnunet-residual-encoder', channels: [3, 4, 5], blocks: 1 },
  { name: 'dynunet', channels: [3, 4, 5, 6], deepSupervision: 2 },
])('an optimiser takes a step of a segmenter with %j', (backbone) => {
  const config = parseSegmenterConfig({
    method: 'vision-only',
    image: { patch: [8, 8, 16] },
    labels: [{ id: 1, name: 'one' }],
    backbone,
  });
  const segmenter = createSegmenter(config, { seed: 1 });
  const parameters = segmenter.network.parameters();
  const image = tf.randomNormal([1, 8, 8, 16, 1], 0, 1, 'float32', 3) as tf.Tensor5D;
  const batch = { image, labels: tf.cast(tf.greater(tf.squeeze(image, [4]), 0.5), 'int32') as tf.Tensor4D };
  const { grads } = tf.variableGrads(
    () => segmenter.losses(batch, training(1, 0)).total,
    [...parameters.values()],
  );
  const reached = [...parameters].flatMap(([name, variable]) => {
    const gradient = grads[variable.name];
    return gradient ? [[name, gradient] as const] : [];
  });
  new AdamW(parameters, { weightDecay: 0.01 }).step(new Map(reached), 1e-3);
  const predicted = segmenter.openPredictor().predict(image);
  expect(predicted.shape).toEqual([1, 8, 8, 16, 2]);
});
