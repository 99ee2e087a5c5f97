import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DepthwiseConvolution } from '../layers/depthwise-convolution.js';
import { RandomStream } from '../random-stream.js';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { convolve, convolveTransposed, type Triple } from './convolution.js';
import { convolveDepthwise, convolveDepthwiseTransposed } from './depthwise-convolution.js';
import { convolveDilated } from './dilated-convolution.js';
import { convolveGrouped } from './grouped-convolution.js';

beforeAll(async () => {
  await loadEngine();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const uniform = (shape: number[], seed: number): tf.Tensor5D =>
  tf.randomUniform<tf.Rank.R5>(shape as [number, number, number, number, number], -1, 1, 'float32', seed);
type Convolution = (x: tf.Tensor5D, filter: tf.Tensor5D) => tf.Tensor5D;
/** Values and both gradients within float32 of each other. */
function expectSame(f: Convolution, g: Convolution, x: tf.Tensor5D, filter: tf.Tensor5D, atol = 1e-4): void {
  const expected = g(x, filter);
  const weights = uniform(expected.shape, 99);
  const [left, right] = [f, g].map((h) => [
    h(x, filter),
    ...tf.grads((a, b) => tf.sum(tf.mul(h(a as tf.Tensor5D, b as tf.Tensor5D), weights)))([x, filter]),
  ]) as [tf.Tensor[], tf.Tensor[]];
  for (const [i, tensor] of left.entries()) {
    expect(tensor.shape).toEqual(right[i]?.shape);
    const verdict = compare(tensor.dataSync(), (right[i] as tf.Tensor).dataSync(), {
      atol,
      rel_l2: 1e-5,
    });
    expect(verdict).toMatchObject({ verdict: 'equal' });
  }
}
/** The filter [.., C, C] of an ordinary convolution that keeps channels apart. */
const dense = (filter: tf.Tensor5D): tf.Tensor5D => tf.mul(filter, tf.eye(filter.shape[4]));
/** The filter with `step - 1` zeros between its taps. */
function inflated(filter: tf.Tensor5D, [depth, height, width]: Triple): tf.Tensor5D {
  const zeros = (x: tf.Tensor, axis: number, step: number): tf.Tensor => {
    const gap = tf.zeros(x.shape.map((side, i) => (i === axis ? step - 1 : side)));
    const taps = tf.split(x, x.shape[axis] as number, axis);
    return tf.concat(
      taps.flatMap((tap, i) =>
        i === 0 || step === 1
          ? [tap]
          : [
              tf.slice(
                gap,
                [0, 0, 0, 0, 0],
                tap.shape.map((side, a) => (a === axis ? step - 1 : side)),
              ),
              tap,
            ],
      ),
      axis,
    );
  };
  return zeros(zeros(zeros(filter, 0, depth), 1, height), 2, width) as tf.Tensor5D;
}

/** Batches of 1 and 3, odd and one-voxel sides. */
const grids = [
  [1, 4, 6, 5, 3],
  [3, 5, 3, 7, 2],
  [2, 1, 1, 3, 4],
];
const forms = [
  { kernel: 3, stride: 1, padding: 1 },
  { kernel: 3, stride: 2, padding: 1 },
  { kernel: 5, stride: 1, padding: 2 },
  { kernel: 5, stride: 2, padding: 2 },
  { kernel: 1, stride: 1, padding: 0 },
  { kernel: 1, stride: 2, padding: 0 },
  { kernel: 2, stride: 3, padding: 1 },
  { kernel: 4, stride: 2, padding: 2 },
];

describe.each(forms)('depthwise convolution, kernel $kernel, stride $stride, padding $padding', (form) => {
  const { kernel, stride, padding } = form;
  const triples = [stride, padding].map((side): Triple => [side, side, side]) as [Triple, Triple];

  test('equals the ordinary convolution by a filter that keeps channels apart, gradients too', () => {
    for (const shape of grids) {
      const [x, filter] = [uniform(shape, 1), uniform([kernel, kernel, kernel, 1, shape[4] as number], 2)];
      expectSame(
        (a, w) => convolveDepthwise(a, w, stride, triples[1]),
        (a, w) => convolve(a, dense(w), ...triples),
        x,
        filter,
      );
    }
  });

  test('so does the transposed one', () => {
    for (const shape of grids.filter((sides) =>
      sides.every((side, i) => i === 0 || i === 4 || (side - 1) * stride + kernel > 2 * padding),
    )) {
      const [x, filter] = [uniform(shape, 1), uniform([kernel, kernel, kernel, 1, shape[4] as number], 2)];
      expectSame(
        (a, w) => convolveDepthwiseTransposed(a, w, stride, triples[1]),
        (a, w) => convolveTransposed(a, dense(w), ...triples, [0, 0, 0]),
        x,
        filter,
      );
    }
  });
});

/** Lines along each axis, boxes of unlike sides, with paddings that keep the sides and others. */
const boxes: [kernel: Triple, stride: number, padding: Triple][] = [
  [[13, 1, 1], 1, [6, 0, 0]],
  [[1, 13, 1], 1, [0, 6, 0]],
  [[1, 1, 13], 1, [0, 0, 6]],
  [[5, 1, 1], 1, [1, 0, 0]],
  [[1, 1, 4], 1, [0, 0, 3]],
  [[3, 1, 1], 1, [1, 1, 0]],
  [[1, 1, 5], 2, [0, 0, 2]],
  [[5, 1, 1], 2, [2, 0, 0]],
  [[1, 3, 1], 2, [0, 3, 0]],
  [[3, 5, 7], 1, [1, 2, 3]],
  [[2, 3, 1], 3, [1, 0, 1]],
  [[1, 1, 3], 1, [2, 0, 4]],
];

describe.each(boxes)('depthwise convolution, kernel %j, stride %i, padding %j', (kernel, stride, padding) => {
  const fits = (shape: readonly number[]) =>
    kernel.every((side, axis) => (shape[axis + 1] as number) + 2 * (padding[axis] as number) >= side);

  test('equals the ordinary convolution by a filter that keeps channels apart, gradients too', () => {
    for (const shape of [...grids, [1, 5, 5, 5, 2]].filter(fits)) {
      const [x, filter] = [uniform(shape, 1), uniform([...kernel, 1, shape[4] as number], 2)];
      expectSame(
        (a, w) => convolveDepthwise(a, w, stride, padding),
        (a, w) => convolve(a, dense(w), [stride, stride, stride], padding),
        x,
        filter,
      );
    }
  });

  test('so does the transposed one', () => {
    const shape = [2, 4, 5, 3, 2];
    const margins = padding.map((side, axis) =>
      Math.min(side, (kernel[axis] as number) >> 1),
    ) as unknown as Triple;
    expectSame(
      (a, w) => convolveDepthwiseTransposed(a, w, stride, margins),
      (a, w) => convolveTransposed(a, dense(w), [stride, stride, stride], margins, [0, 0, 0]),
      uniform(shape, 1),
      uniform([...kernel, 1, 2], 2),
    );
  });
});

test('a volume that is computed some planes at a time equals the ordinary convolution, gradients too', () => {
  const [x, filter] = [uniform([2, 7, 65, 64, 32], 1), uniform([3, 3, 3, 1, 32], 2)];
  for (const stride of [1, 2])
    expectSame(
      (a, w) => convolveDepthwise(a, w, stride, [1, 1, 1]),
      (a, w) => convolve(a, dense(w), [stride, stride, stride], [1, 1, 1]),
      x,
      filter,
      1e-3,
    );
});

test('depthwise gradients by finite differences', () => {
  const inputs = [uniform([2, 5, 4, 3, 2], 1), uniform([3, 3, 3, 1, 2], 2)];
  for (const kernel of [convolveDepthwise, convolveDepthwiseTransposed]) {
    const f = (x: tf.Tensor, w: tf.Tensor) => kernel(x as tf.Tensor5D, w as tf.Tensor5D, 2, [1, 1, 1]);
    expect(gradientError(f as never, inputs)).toBeLessThan(2e-3);
  }
});

test('of lines too', () => {
  for (const kernel of [
    [5, 1, 1],
    [1, 5, 1],
    [1, 1, 5],
  ] as const) {
    const inputs = [uniform([2, 5, 4, 3, 2], 1), uniform([...kernel, 1, 2], 2)];
    const padding = kernel.map((side) => side >> 1) as unknown as Triple;
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      convolveDepthwise(x as tf.Tensor5D, w as tf.Tensor5D, 1, padding);
    expect(gradientError(f as never, inputs)).toBeLessThan(2e-3);
  }
});

test('a batch of three equals three single runs, and a call leaves one tensor', () => {
  const [x, filter] = [uniform([3, 4, 5, 6, 2], 1), uniform([3, 3, 3, 1, 2], 2)];
  const singles = tf
    .split(x, 3)
    .map((sample) => convolveDepthwise(sample as tf.Tensor5D, filter, 2, [1, 1, 1]));
  expect(convolveDepthwise(x, filter, 2, [1, 1, 1]).dataSync()).toEqual(tf.concat(singles).dataSync());
  const layer = new DepthwiseConvolution({ channels: 2, kernel: 3 }, new RandomStream(1));
  const before = tf.memory().numTensors;
  expect(layer.forward(x).shape).toEqual(x.shape);
  expect(tf.memory().numTensors - before).toBe(1);
  expect(layer.parameterCount()).toBe(27 * 2 + 2);
});

test('filters of another side along each axis equal the ordinary convolution; a layer may go without a bias', () => {
  const [x, filter] = [uniform([2, 3, 5, 4, 3], 1), uniform([1, 3, 5, 1, 3], 2)];
  expectSame(
    (a, w) => convolveDepthwise(a, w, 1, [0, 1, 2]),
    (a, w) => convolve(a, dense(w), [1, 1, 1], [0, 1, 2]),
    x,
    filter,
  );
  const layer = new DepthwiseConvolution(
    { channels: 3, kernel: [1, 3, 5], bias: false },
    new RandomStream(1),
  );
  expect([...layer.state().keys()]).toEqual(['weight']);
  layer.weight.assign(filter);
  expect(layer.forward(x).dataSync()).toEqual(convolveDepthwise(x, filter, 1, [0, 1, 2]).dataSync());
});

test('depthwise convolution refuses channels that do not fit', () => {
  const call = () => convolveDepthwise(tf.zeros([1, 4, 4, 4, 3]), tf.zeros([3, 3, 3, 1, 2]), 1, [1, 1, 1]);
  expect(call).toThrow(expect.objectContaining({ code: 'wrong-channels' }));
});

describe('grouped convolution', () => {
  test('equals the ordinary one by a filter of blocks on the diagonal, gradients too', () => {
    for (const [groups, inputs, outputs] of [
      [2, 4, 6],
      [3, 3, 3],
      [1, 2, 3],
    ] as const) {
      const block = tf.tensor2d(
        Array.from({ length: inputs }, (_, i) =>
          Array.from({ length: outputs }, (__, o) =>
            Math.floor((i * groups) / inputs) === Math.floor((o * groups) / outputs) ? 1 : 0,
          ),
        ),
      );
      const spread = (w: tf.Tensor5D): tf.Tensor5D =>
        tf.mul(
          tf.concat(
            Array.from({ length: groups }, () => w),
            3,
          ),
          block,
        );
      expectSame(
        (x, w) => convolveGrouped(x, w, [2, 1, 1], [1, 1, 0], groups),
        (x, w) => convolve(x, spread(w), [2, 1, 1], [1, 1, 0]),
        uniform([3, 5, 4, 3, inputs], 1),
        uniform([3, 3, 1, inputs / groups, outputs], 2),
      );
    }
  });

  test('refuses channels that the groups do not divide', () => {
    const call = () =>
      convolveGrouped(uniform([1, 2, 2, 2, 3], 1), uniform([1, 1, 1, 1, 4], 1), [1, 1, 1], [0, 0, 0], 2);
    expect(call).toThrow(expect.objectContaining({ code: 'groups-do-not-divide' }));
  });
});

describe('dilated convolution', () => {
  const cases: [Triple, Triple][] = [
    [
      [2, 2, 2],
      [2, 2, 2],
    ],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [2, 1, 1],
      [2, 0, 1],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
  ];
  test.each(cases)(
    'by %s, padded by %s: equals the filter with zeros between its taps',
    (dilation, padding) => {
      for (const shape of [
        [1, 5, 6, 7, 2],
        [3, 4, 7, 4, 3],
        [1, 1, 3, 3, 2],
      ]) {
        expectSame(
          (x, w) => convolveDilated(x, w, [1, 1, 1], padding, dilation),
          (x, w) => convolve(x, inflated(w, dilation), [1, 1, 1], padding),
          uniform(shape, 1),
          uniform([3, 3, 3, shape[4] as number, 2], 2),
        );
      }
    },
  );
});
