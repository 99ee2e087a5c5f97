import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RandomStream } from '../random-stream.js';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { batchNormTraining } from './batch-norm.js';
import { biasAdd } from './bias-add.js';
import { convolve, convolveTransposed, type Triple } from './convolution.js';
import { gelu } from './gelu.js';
import { compositeInstanceNorm, instanceNorm } from './instance-norm.js';
import { layerNorm } from './layer-norm.js';
import { leakyRelu, parametricRelu } from './leaky-relu.js';
import { matrixProduct } from './matrix-product.js';
import { randomNormal, randomUniform } from './random.js';

beforeAll(async () => {
  await loadEngine();
});

let tensors = 0;
beforeEach(() => {
  tf.engine().startScope();
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  tf.engine().endScope();
  expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors);
});

const uniform = (shape: number[], seed: number, low = -1): tf.Tensor =>
  tf.randomUniform(shape, low, 1, 'float32', seed);
/** Values and gradients within float32 of each other. */
function expectSame(a: tf.Tensor, b: tf.Tensor): void {
  expect(a.shape).toEqual(b.shape);
  expect(compare(a.dataSync(), b.dataSync(), { atol: 2e-5, rel_l2: 2e-5 })).toMatchObject({
    verdict: 'equal',
  });
}
function expectSameWithGradients(
  f: (...x: tf.Tensor[]) => tf.Tensor,
  g: (...x: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
): void {
  expectSame(f(...inputs), g(...inputs));
  const weights = uniform(f(...inputs).shape, 99);
  const gradients = [f, g].map((h) => tf.grads((...x) => tf.sum(tf.mul(h(...x), weights)))(inputs));
  for (const [i, gradient] of (gradients[0] ?? []).entries())
    expectSame(gradient, gradients[1]?.[i] as tf.Tensor);
}

/** Batches of 1 and 3, odd and one-voxel sides. */
const grids = [
  [1, 4, 6, 5, 3],
  [3, 5, 3, 7, 2],
  [2, 1, 1, 3, 4],
];

describe('convolution', () => {
  const cases: { kernel: Triple; stride: Triple; padding: Triple }[] = [
    { kernel: [3, 3, 3], stride: [1, 1, 1], padding: [1, 1, 1] },
    { kernel: [3, 3, 3], stride: [2, 2, 2], padding: [1, 1, 1] },
    { kernel: [1, 1, 1], stride: [1, 1, 1], padding: [0, 0, 0] },
    { kernel: [3, 1, 3], stride: [2, 1, 2], padding: [1, 0, 1] },
  ];
  for (const { kernel, stride, padding } of cases) {
    test(`kernel ${kernel}, stride ${stride}: sides as PyTorch counts them, gradients by finite differences`, () => {
      for (const shape of grids) {
        const filter = uniform([...kernel, shape[4] as number, 2], 2);
        const f = (x: tf.Tensor, w: tf.Tensor) =>
          convolve(x as tf.Tensor5D, w as tf.Tensor5D, stride, padding);
        const x = uniform(shape, 1);
        const sides = [0, 1, 2].map(
          (axis) =>
            Math.floor(
              ((shape[axis + 1] as number) + 2 * (padding[axis] as number) - (kernel[axis] as number)) /
                (stride[axis] as number),
            ) + 1,
        );
        expect(f(x, filter).shape.slice(1, 4)).toEqual(sides);
        expect(gradientError(f as never, [x, filter])).toBeLessThan(2e-3);
      }
    });
  }

  test('refuses channels that do not fit, saying what came and what was expected', () => {
    const zeros = (shape: tf.Tensor5D['shape']) => tf.zeros<tf.Rank.R5>(shape);
    const call = () => convolve(zeros([1, 4, 4, 4, 3]), zeros([3, 3, 3, 2, 5]), [1, 1, 1], [1, 1, 1]);
    expect(call).toThrow(/expects \[N, D, H, W, 2\], received \[1,4,4,4,3\]/);
  });

  test('transposed: the adjoint of the convolution, <conv(x), y> = <x, transposed(y)>', () => {
    const filter = uniform([3, 3, 3, 2, 4], 3) as tf.Tensor5D;
    const x = uniform([2, 8, 6, 4, 2], 4) as tf.Tensor5D;
    const y = uniform([2, 4, 3, 2, 4], 5) as tf.Tensor5D;
    const left = tf.sum(tf.mul(convolve(x, filter, [2, 2, 2], [1, 1, 1]), y)).dataSync()[0] as number;
    const right = tf
      .sum(tf.mul(x, convolveTransposed(y, filter, [2, 2, 2], [1, 1, 1], [1, 1, 1])))
      .dataSync()[0] as number;
    expect(right).toBeCloseTo(left, 3);
  });

  test('transposed: sides and gradients for strides 1 and 2, kernels 2 and 3', () => {
    const cases: [Triple, Triple, Triple, Triple][] = [
      [
        [3, 3, 3],
        [2, 2, 2],
        [1, 1, 1],
        [1, 1, 1],
      ],
      [
        [3, 3, 3],
        [1, 1, 1],
        [1, 1, 1],
        [0, 0, 0],
      ],
      [
        [2, 2, 2],
        [2, 2, 2],
        [0, 0, 0],
        [0, 0, 0],
      ],
      [
        [3, 3, 3],
        [3, 2, 1],
        [0, 1, 1],
        [1, 1, 0],
      ],
    ];
    for (const [kernel, stride, padding, extra] of cases) {
      const x = uniform([2, 3, 2, 4, 3], 6);
      const filter = uniform([...kernel, 2, 3], 7);
      const f = (input: tf.Tensor, w: tf.Tensor) =>
        convolveTransposed(input as tf.Tensor5D, w as tf.Tensor5D, stride, padding, extra);
      const sides = [3, 2, 4].map(
        (side, i) =>
          (side - 1) * (stride[i] as number) -
          2 * (padding[i] as number) +
          (kernel[i] as number) +
          (extra[i] as number),
      );
      expect(f(x, filter).shape).toEqual([2, ...sides, 2]);
      expect(gradientError(f as never, [x, filter])).toBeLessThan(2e-3);
    }
  });
});

describe('normalisation', () => {
  test('instance norm: native equals composite, values and gradients; batch of 3 equals three single runs', () => {
    for (const shape of grids) {
      const channels = shape[4] as number;
      const inputs = [uniform(shape, 1), uniform([channels], 2, 0.5), uniform([channels], 3)];
      expectSameWithGradients(
        (x, s, b) => instanceNorm(x as tf.Tensor, s as tf.Tensor, b as tf.Tensor, 1e-5),
        compositeInstanceNorm(1e-5) as never,
        inputs,
      );
      const [x, scale, shift] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
      const singles = tf
        .unstack(x)
        .map((sample) => instanceNorm(tf.expandDims(sample, 0), scale, shift, 1e-5));
      expectSame(instanceNorm(x, scale, shift, 1e-5), tf.concat(singles, 0));
    }
  });

  test('a single voxel gives the shift, not NaN', () => {
    const y = instanceNorm(uniform([2, 1, 1, 1, 3], 1), tf.ones([3]), tf.tensor1d([1, 2, 3]), 1e-5);
    expect([...y.dataSync()]).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('batch norm: zero mean, unit variance, the unbiased variance kept, gradients by finite differences', () => {
    const x = uniform([2, 3, 4, 3, 2], 1);
    const { y, statistics } = batchNormTraining(x, tf.ones([2]), tf.zeros([2]), 1e-5);
    const { mean, variance } = tf.moments(y, [0, 1, 2, 3]);
    for (const value of mean.dataSync()) expect(value).toBeCloseTo(0, 5);
    for (const value of variance.dataSync()) expect(value).toBeCloseTo(1, 3);
    const biased = tf.moments(x, [0, 1, 2, 3]).variance;
    expectSame(statistics.unbiasedVariance, tf.mul(biased, 72 / 71));
    const f = (a: tf.Tensor, s: tf.Tensor, b: tf.Tensor) => batchNormTraining(a, s, b, 1e-5).y;
    expect(gradientError(f as never, [x, uniform([2], 2, 0.5), uniform([2], 3)])).toBeLessThan(3e-3);
  });

  test('layer norm: closed-form gradient by finite differences, last axis of any length', () => {
    for (const shape of [
      [2, 5, 8],
      [1, 3],
      [4, 1, 2, 6],
    ]) {
      const width = shape.at(-1) as number;
      const f = (x: tf.Tensor, s: tf.Tensor, b: tf.Tensor) => layerNorm(x, s, b, 1e-5);
      expect(
        gradientError(f as never, [uniform(shape, 1), uniform([width], 2, 0.5), uniform([width], 3)], {
          step: 3e-3,
        }),
      ).toBeLessThan(5e-3);
    }
  });
});

describe('activations and products', () => {
  test('leaky and parametric ReLU equal their definitions, also for slopes above 1 and below 0', () => {
    const x = uniform([2, 3, 4], 1);
    for (const slope of [0, 0.01, 0.25, 1.5, -0.3]) {
      const definition = (a: tf.Tensor, s: tf.Tensor) => tf.add(tf.relu(a), tf.mul(s, tf.minimum(a, 0)));
      expectSame(leakyRelu(x, slope), definition(x, tf.scalar(slope)));
      expectSameWithGradients(parametricRelu as never, definition as never, [x, tf.tensor1d([slope])]);
    }
  });

  test('GELU at known points (exact erf form) and its gradient', () => {
    const y = gelu(tf.tensor1d([-2, -1, 0, 0.5, 3])).dataSync();
    const expected = [-0.0455003, -0.1586553, 0, 0.3457312, 2.9959502];
    for (const [i, value] of expected.entries()) expect(y[i]).toBeCloseTo(value, 6);
    expect(gradientError(gelu as never, [uniform([40], 1)])).toBeLessThan(2e-3);
  });

  test('leaky ReLU of slopes above, at and below zero has the gradient of the core operation, at zero too', () => {
    const x = tf.concat([tf.reshape(uniform([2, 3, 1, 5], 1), [-1]), tf.tensor1d([0, -0, 1e-38, -1e-38])]);
    const weights = uniform(x.shape, 2);
    for (const slope of [0.01, 0, 1, -0.5]) {
      const [ours, theirs] = [leakyRelu, tf.leakyRelu].map((f) =>
        tf
          .grad((given) => tf.sum(tf.mul(f(given, slope), weights)))(x)
          .dataSync(),
      );
      expect(ours).toEqual(theirs);
    }
  });

  test('matrix product and bias addition equal the core operations', () => {
    expectSameWithGradients(matrixProduct as never, tf.matMul as never, [
      uniform([5, 7], 1),
      uniform([7, 3], 2),
    ]);
    expectSameWithGradients(biasAdd as never, tf.add as never, [
      uniform([2, 3, 4, 2, 5], 1),
      uniform([5], 2),
    ]);
  });
});

describe('random numbers', () => {
  test('are a function of the stream: the same again, others for another name or step', () => {
    const stream = new RandomStream(7).at('dropout');
    const draw = (at: RandomStream) => [...randomUniform([64], at).dataSync()];
    expect(draw(stream.at('step', 3))).toEqual(draw(stream.at('step', 3)));
    expect(draw(stream.at('step', 3))).not.toEqual(draw(stream.at('step', 4)));
    expect(draw(stream.at('a'))).not.toEqual(draw(stream.at('b')));
  });

  test('have the moments they should', () => {
    const { mean, variance } = tf.moments(randomNormal([40000], new RandomStream(1)));
    expect(mean.dataSync()[0]).toBeCloseTo(0, 1);
    expect(variance.dataSync()[0]).toBeCloseTo(1, 1);
    const flat = randomUniform([40000], new RandomStream(2)).dataSync();
    expect(Math.min(...flat)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...flat)).toBeLessThan(1);
  });
});
