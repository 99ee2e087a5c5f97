import { loadEngine } from '@bipvl/engine';
import { convolve, evaluation, type Module, RandomStream, type Triple, training } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from '../backbone-case.test-support.js';
import { DecomposedConvolution, type DecomposedConvolutionOptions } from './decomposed-convolution.js';

beforeAll(async () => {
  await loadEngine();
});

const lines = ['alongDepth', 'alongHeight', 'alongWidth'] as const;

function build(options: Partial<DecomposedConvolutionOptions>): DecomposedConvolution {
  const common = { inputChannels: 2, outputChannels: 2, kernel: 3, normalisation: 'batch' } as const;
  return new DecomposedConvolution({ ...common, ...options }, new RandomStream(1));
}

function assign(module: Module, ending: string, value: (shape: number[]) => tf.Tensor): void {
  for (const [name, variable] of module.state())
    if (name.endsWith(ending)) variable.assign(value(variable.shape));
}

const uniform = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);

test('answers an impulse with a plus in three dimensions', () => {
  const layer = build({ depthwise: true, kernel: 5 });
  assign(layer, 'weight', (shape) => tf.ones(shape));
  assign(layer, 'bias', (shape) => tf.zeros(shape));
  const impulse = tf.buffer([1, 7, 7, 7, 2]);
  impulse.set(1, 0, 3, 3, 3, 0);
  const answer = layer.forward(impulse.toTensor() as tf.Tensor5D, evaluation()).dataSync();
  const one = 1 / Math.sqrt(1 + 1e-5);
  for (const [index, value] of answer.entries()) {
    const [channel, place] = [index % 2, Math.floor(index / 2)];
    const offsets = [Math.floor(place / 49), Math.floor(place / 7) % 7, place % 7].map((at) => at - 3);
    const away = offsets.filter((offset) => offset !== 0);
    const isOnLine = channel === 0 && away.length <= 1 && away.every((offset) => Math.abs(offset) <= 2);
    expect(value).toBeCloseTo(isOnLine ? one * (away.length === 0 ? 3 : 1) : 0, 6);
  }
});

/** A line's filter [.., 1, C] as that of an ordinary convolution that keeps channels apart. */
const dense = (filter: tf.Tensor): tf.Tensor5D => tf.mul(filter, tf.eye(filter.shape[4] as number));

describe.each([
  { depthwise: true, stride: 1 },
  { depthwise: true, stride: 2 },
  { depthwise: false, stride: 1 },
  { depthwise: false, stride: 4 },
])('depthwise $depthwise, stride $stride', ({ depthwise, stride }) => {
  test.each([[[1, 5, 5, 5, 4]], [[3, 7, 1, 8, 4]], [[1, 1, 1, 1, 4]], [[2, 4, 9, 6, 4]]])(
    'is the sum of three ordinary convolutions, for %j',
    (shape) => {
      const options = { inputChannels: 4, outputChannels: 4, kernel: 5, stride, depthwise };
      const layer = build(options);
      assign(layer, 'runningMean', (each) => uniform(each, 2));
      assign(layer, 'runningVariance', (each) => tf.add(uniform(each, 3), 2));
      const x = uniform(shape, 1) as tf.Tensor5D;
      const parts = lines.map((line, axis) => {
        const { convolution, normalisation } = layer[line];
        const padding = [0, 1, 2].map((each) => (each === axis ? 2 : 0)) as unknown as Triple;
        const filter = depthwise
          ? dense(convolution.weight)
          : (convolution.weight as tf.Tensor as tf.Tensor5D);
        const dilated = convolve(
          x,
          tf.pad(filter, [
            ...padding.map((side): [number, number] => {
              return side === 0 ? [2, 2] : [0, 0];
            }),
            [0, 0],
            [0, 0],
          ]),
          [stride, stride, stride],
          [2, 2, 2],
        );
        const y = tf.add(dilated, convolution.bias as tf.Tensor);
        return normalisation.forward(y, evaluation());
      });
      expectSame(layer.forward(x, evaluation()), tf.addN(parts), 1e-5);
    },
  );
});

test('each line normalises by itself: in training every part has mean 0 and variance 1', () => {
  const layer = build({ kernel: 3 });
  const x = uniform([2, 6, 5, 4, 2], 1) as tf.Tensor5D;
  for (const line of lines) {
    const { mean, variance } = tf.moments(layer[line].forward(x, training(0, 0)), [0, 1, 2, 3]);
    expectSame(mean, tf.zeros([2]), 1e-5);
    expectSame(variance, tf.ones([2]), 1e-3);
  }
});

test('a batch of two in evaluation equals two single runs, gradients too', () => {
  const layer = build({ depthwise: true, kernel: 3 });
  const x = uniform([2, 5, 4, 3, 2], 1);
  const weights = uniform([2, 5, 4, 3, 2], 2);
  const objective = (at: tf.Tensor, weight: tf.Tensor) =>
    tf.sum(tf.mul(layer.forward(at as tf.Tensor5D, evaluation()), weight));
  const singles = tf.split(x, 2).map((sample, n) => {
    const weight = tf.split(weights, 2)[n] as tf.Tensor;
    return tf.grad((at) => objective(at, weight))(sample);
  });
  expectSame(tf.grad((at) => objective(at, weights))(x), tf.concat(singles), 1e-6);
});

test.each([
  [true, 'groups-do-not-divide'],
  [false, 'wrong-channels'],
])('other channels than it was built for are refused, depthwise %s', (depthwise, code) => {
  const fault = expect.objectContaining({ code, kind: 'usage' });
  expect(() => build({ depthwise }).forward(tf.zeros([1, 3, 3, 3, 5]), evaluation())).toThrow(fault);
});
