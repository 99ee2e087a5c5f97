import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import * as losses from './index.js';

beforeAll(async () => {
  await loadEngine();
});

const labels = (): tf.Tensor => tf.tensor([0, 1, 2, 1, 2, 0], [1, 6], 'int32');

/** Each loss as a function of one tensor [1, 6, 3]. */
const cases: readonly [string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor][] = [
  ['diceLoss', (x, y) => losses.diceLoss(x, y)],
  ['tverskyLoss', (x, y) => losses.tverskyLoss(x, y)],
  ['generalisedDiceLoss', (x, y) => losses.generalisedDiceLoss(x, y)],
  [
    'crossEntropyLoss',
    (x, y) => losses.crossEntropyLoss(x, y, { labelSmoothing: 0.1, classWeights: [1, 2, 3] }),
  ],
  ['binaryCrossEntropyLoss', (x) => losses.binaryCrossEntropyLoss(x, x)],
  ['segmentationLoss', (x, y) => losses.segmentationLoss(x, y)],
  ['regionSegmentationLoss', (x) => losses.regionSegmentationLoss(x, x)],
  ['focalLoss', (x, y) => losses.focalLoss(x, y)],
  ['focalLoss (softmax)', (x, y) => losses.focalLoss(x, y, { activation: 'softmax' })],
  ['classEmbeddingLoss', (x, y) => losses.classEmbeddingLoss(x, y)],
  ['globalAlignmentLoss', (x) => losses.globalAlignmentLoss(tf.matMul(x, x, false, true))],
  [
    'localAlignmentLoss',
    (x) => losses.localAlignmentLoss(tf.reshape(tf.matMul(x, x, false, true), [1, 1, 6, 6])),
  ],
  ['alignmentLosses', (x) => aligned(x as tf.Tensor3D)],
  [
    'symmetricInfoNceLoss',
    (x) => losses.symmetricInfoNceLoss(tf.squeeze(x, [0]), tf.squeeze(x, [0]), tf.scalar(1)),
  ],
  [
    'pairwiseSigmoidLoss',
    (x) => losses.pairwiseSigmoidLoss(tf.squeeze(x, [0]), tf.squeeze(x, [0]), tf.scalar(1), tf.scalar(0)),
  ],
  ['uncertaintyWeighted', (x) => losses.uncertaintyWeighted([tf.sum(x)], tf.tensor1d([0]))],
];

function aligned(x: tf.Tensor3D): tf.Tensor {
  const { global, local } = losses.alignmentLosses({
    visionVectors: x,
    conceptVectors: tf.transpose(tf.tile(x, [2, 1, 1]), [1, 0, 2]),
  });
  return tf.add(global, local);
}

test.each(cases)('%s leaves nothing behind, forward and backward', (_, loss) => {
  const [x, y] = [tf.sin(tf.reshape(tf.range(0, 18), [1, 6, 3])), labels()];
  const before = tf.memory().numTensors;
  const gradient = tf.tidy(() => tf.grad((z) => loss(z, y))(x));
  expect(gradient.shape).toEqual(x.shape);
  expect(tf.memory().numTensors).toBe(before + 1);
});

test('a loss outside any scope returns one tensor and keeps none', () => {
  const [x, y] = [tf.sin(tf.reshape(tf.range(0, 18), [1, 6, 3])), labels()];
  const before = tf.memory().numTensors;
  const value = losses.segmentationLoss(x, y);
  expect(tf.memory().numTensors).toBe(before + 1);
  value.dispose();
  const all = losses.alignmentLosses({
    visionVectors: x as tf.Tensor3D,
    conceptVectors: tf.tidy(() => tf.ones([6, 2, 3])),
  });
  expect(tf.memory().numTensors).toBe(before + 5);
  tf.dispose([all.global, all.local, all.similarity, all.weights]);
});
