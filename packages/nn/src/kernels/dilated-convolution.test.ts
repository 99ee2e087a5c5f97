import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { convolve } from './convolution.js';
import { convolveDilated } from './dilated-convolution.js';
import type { Grid, Sides } from './grid.js';
import { convolveGrouped } from './grouped-convolution.js';

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

type Operation = (x: Grid, filter: Grid) => Grid;

const uniform = (shape: readonly number[], seed: number): Grid => {
  const drawn: tf.Tensor = tf.randomUniform([...shape], -1, 1, 'float32', seed);
  return drawn as Grid;
};

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const verdict = compare(actual.dataSync(), expected.dataSync(), { atol: 2e-5 });
  expect(verdict.verdict, verdict.message).toBe('equal');
}

function gradientsOf(operation: Operation, x: Grid, filter: Grid, weights: tf.Tensor): tf.Tensor[] {
  return tf.grads((a, w) => tf.sum(tf.mul(operation(a as Grid, w as Grid), weights)))([x, filter]);
}

function expectSameWithGradients(ours: Operation, theirs: Operation, x: Grid, filter: Grid): void {
  expectSame(ours(x, filter), theirs(x, filter));
  const weights = uniform(theirs(x, filter).shape, 9);
  const expected = gradientsOf(theirs, x, filter, weights);
  for (const [index, gradient] of gradientsOf(ours, x, filter, weights).entries())
    expectSame(gradient, expected[index] as tf.Tensor);
}

/** The filter with zeros between its taps, so that an ordinary convolution dilates. */
function inflated(filter: Grid, dilation: Sides): Grid {
  return dilation.reduce<tf.Tensor>((whole, step, axis) => {
    if (step === 1) return whole;
    const rows = tf.unstack(whole, axis);
    const spaced = rows.flatMap((row, index) =>
      index === 0 ? [row] : [...Array.from({ length: step - 1 }, () => tf.zerosLike(row)), row],
    );
    return tf.stack(spaced, axis);
  }, filter) as Grid;
}

/** Steps along two axes that share a divisor, are one the other's multiple, or neither. */
const steps: [Sides, Sides][] = [
  [
    [1, 1],
    [2, 3],
  ],
  [
    [2, 2],
    [2, 4],
  ],
  [
    [2, 3],
    [3, 2],
  ],
  [
    [4, 6],
    [6, 4],
  ],
  [
    [5, 1],
    [1, 5],
  ],
];

describe('dilated convolution', () => {
  test.each(steps)(
    'stride %s, dilation %s: equals the filter with zeros between its taps',
    (stride, dilation) => {
      for (const [shape, padding] of [
        [
          [1, 13, 15, 2],
          [0, 0],
        ],
        [
          [3, 14, 11, 1],
          [3, 2],
        ],
        [
          [1, 1, 1, 2],
          [6, 6],
        ],
      ] as const) {
        const filter = uniform([3, 2, shape[3], 2], 2);
        expectSameWithGradients(
          (x, w) => convolveDilated(x, w, stride, padding, dilation),
          (x, w) => convolve(x, inflated(w, dilation), stride, padding),
          uniform(shape, 1),
          filter,
        );
      }
    },
  );

  test('of volumes: equals the filter with zeros between its taps; gradients by finite differences', () => {
    for (const [stride, dilation, padding] of [
      [
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
      ],
      [
        [1, 2, 3],
        [3, 2, 1],
        [1, 0, 2],
      ],
    ] as const) {
      const [x, filter] = [uniform([2, 7, 5, 6, 2], 1), uniform([2, 3, 3, 2, 2], 2)];
      const ours: Operation = (a, w) => convolveDilated(a, w, stride, padding, dilation);
      expectSameWithGradients(ours, (a, w) => convolve(a, inflated(w, dilation), stride, padding), x, filter);
      expect(gradientError(ours as never, [x, filter])).toBeLessThan(2e-3);
    }
  });

  test('a batch of two is two single runs, gradients included', () => {
    const [x, filter] = [uniform([2, 9, 7, 2], 1), uniform([3, 3, 2, 2], 2)];
    const ours: Operation = (a, w) => convolveDilated(a, w, [2, 1], [2, 2], [2, 2]);
    expectSameWithGradients(
      ours,
      (a, w) =>
        tf.concat(tf.split(a as tf.Tensor, 2).map((sample) => ours(sample as Grid, w) as tf.Tensor)) as Grid,
      x,
      filter,
    );
  });
});

describe('grouped convolution', () => {
  /** Of a filter with zeros where groups do not see each other. */
  function dense(filter: Grid, groups: number): Grid {
    const parts = tf.split(filter as tf.Tensor, groups, filter.rank - 1);
    const rows = parts.map((part, row) =>
      tf.concat(
        parts.map((other, column) => (row === column ? part : tf.zerosLike(other))),
        filter.rank - 1,
      ),
    );
    return tf.concat(rows, filter.rank - 2) as Grid;
  }

  const cases: [number[], number[], Sides, Sides, Sides, number][] = [
    [[3, 5, 4, 4], [3, 3, 2, 6], [2, 1], [1, 1], [1, 1], 2],
    [[1, 5, 4, 4], [3, 3, 2, 6], [2, 1], [2, 2], [2, 1], 2],
    // One channel a group: the depthwise kernel, in one and more outputs, with unequal strides of the phases, dilated.
    [[3, 5, 7, 4], [3, 2, 1, 4], [2, 2], [1, 0], [1, 1], 4],
    [[2, 5, 7, 4], [3, 2, 1, 4], [1, 1], [2, 1], [2, 3], 4],
    [[2, 6, 7, 4], [3, 2, 1, 4], [2, 2], [2, 1], [1, 2], 4],
    [[1, 1, 1, 4], [3, 3, 1, 8], [1, 1], [1, 1], [1, 1], 4],
    [[2, 4, 5, 6, 4], [1, 2, 3, 1, 4], [2, 2, 2], [0, 1, 1], [1, 1, 1], 4],
    [[2, 4, 5, 6, 3], [2, 2, 2, 1, 3], [2, 2, 2], [1, 1, 1], [3, 3, 3], 3],
    [[1, 4, 5, 3, 4], [2, 2, 2, 2, 4], [1, 2, 1], [1, 1, 1], [2, 1, 2], 2],
  ];
  test.each(cases)('of [%s] by [%s], stride %s: equals a dense one with zeros', (...given) => {
    const [shape, kernel, stride, padding, dilation, groups] = given;
    const [x, filter] = [uniform(shape, 1), uniform(kernel, 2)];
    const ours: Operation = (a, w) => convolveGrouped(a, w, stride, padding, groups, dilation);
    expectSameWithGradients(
      ours,
      (a, w) => convolve(a, inflated(dense(w, groups), dilation), stride, padding),
      x,
      filter,
    );
    expect(gradientError(ours as never, [x, filter])).toBeLessThan(2e-3);
  });

  test('refuses groups that do not divide, naming the nearest that do', () => {
    const call = () =>
      convolveGrouped(uniform([1, 2, 2, 12], 1), uniform([1, 1, 2, 8], 2), [1, 1], [0, 0], 6);
    expect(call).toThrow(
      expect.objectContaining({
        code: 'groups-do-not-divide',
        hint: expect.stringContaining('nearest is 4'),
      }),
    );
  });
});

describe('convolution of images', () => {
  test('is that of a volume of one plane, values and gradients', () => {
    for (const [stride, padding] of [
      [
        [1, 1],
        [1, 1],
      ],
      [
        [2, 3],
        [0, 1],
      ],
    ] as const) {
      const [x, filter] = [uniform([3, 5, 6, 2], 1), uniform([3, 3, 2, 3], 2)];
      const lifted: Operation = (a, w) => {
        const [volume, taps] = [tf.expandDims(a as tf.Tensor, 1), tf.expandDims(w as tf.Tensor, 0)] as Grid[];
        const y = convolve(volume as Grid, taps as Grid, [1, ...stride], [0, ...padding]);
        return tf.squeeze(y as tf.Tensor, [1]) as Grid;
      };
      expectSameWithGradients((a, w) => convolve(a, w, stride, padding), lifted, x, filter);
    }
  });

  test('refuses another rank, other channels and a side shorter than the filter reaches', () => {
    const filter = uniform([3, 3, 2, 3], 2);
    for (const [shape, code, words] of [
      [[1, 5, 5, 5, 2], 'wrong-rank', 'received [1,5,5,5,2]'],
      [[1, 5, 5, 4], 'wrong-channels', 'expects [N, H, W, 2]'],
      [[1, 2, 5, 2], 'side-too-short', 'axis 1'],
    ] as const) {
      const call = () => convolve(uniform(shape, 1), filter, [1, 1], [0, 0]);
      expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
    }
    const dilated = () => convolveDilated(uniform([1, 5, 5, 2], 1), filter, [1, 1], [0, 0], [2, 3]);
    expect(dilated).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('shortest side that fits is 7') }),
    );
  });
});
