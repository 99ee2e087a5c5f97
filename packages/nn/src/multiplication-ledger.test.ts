import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Convolution } from './layers/convolution.js';
import { DepthwiseConvolution } from './layers/depthwise-convolution.js';
import { Linear } from './layers/linear.js';
import { TransposedConvolution } from './layers/transposed-convolution.js';
import { MultiplicationLedger } from './multiplication-ledger.js';
import { RandomStream } from './random-stream.js';

beforeAll(async () => {
  await loadEngine();
});

const random = new RandomStream(1);
const count = (run: () => void): number => new MultiplicationLedger().record(() => tf.tidy(run));

describe('MultiplicationLedger', () => {
  test('a convolution: every output voxel and channel, over the filter and the input channels', () => {
    const run = () => {
      const layer = new Convolution(
        { inputChannels: 3, outputChannels: 5, kernel: 3, stride: 2, padding: 1 },
        random,
      );
      layer.forward(tf.ones([2, 8, 6, 4, 3]));
    };
    expect(count(run)).toBe(2 * 4 * 3 * 2 * 5 * 27 * 3);
  });

  test('a transposed convolution: every input voxel and channel, over the filter and the output channels', () => {
    const run = () => {
      const layer = new TransposedConvolution(
        { inputChannels: 3, outputChannels: 5, kernel: 2, stride: 2, padding: 0 },
        random,
      );
      layer.forward(tf.ones([1, 4, 3, 2, 3]));
    };
    expect(count(run)).toBe(4 * 3 * 2 * 3 * 8 * 5);
  });

  test('a linear layer, and batches of matrices, transposed or not', () => {
    expect(count(() => new Linear({ inputs: 7, outputs: 5 }, random).forward(tf.ones([2, 3, 7])))).toBe(
      2 * 3 * 7 * 5,
    );
    expect(count(() => tf.matMul(tf.ones([4, 3, 7]), tf.ones([4, 5, 7]), false, true))).toBe(4 * 3 * 7 * 5);
    expect(count(() => tf.matMul(tf.ones([7, 3]), tf.ones([7, 5]), true, false))).toBe(3 * 7 * 5);
  });

  test('a depthwise convolution: the filter alone', () => {
    const run = () => {
      const layer = new DepthwiseConvolution({ channels: 6, kernel: 3 }, random);
      layer.forward(tf.ones([1, 5, 5, 5, 6]));
    };
    expect(count(run)).toBe(5 ** 3 * 6 * 27);
  });

  test('nothing else', () => {
    expect(count(() => tf.add(tf.ones([4]), tf.ones([4])))).toBe(0);
  });
});
