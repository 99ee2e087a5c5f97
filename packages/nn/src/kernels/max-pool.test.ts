import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Triple } from './convolution.js';
import { maxPool } from './max-pool.js';

beforeAll(async () => {
  await loadEngine();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** Rounded to quarters, so that equal numbers are common. */
function quarters(shape: readonly number[], seed: number): tf.Tensor5D {
  const drawn = tf.randomUniform(shape as tf.Tensor5D['shape'], -1, 1, 'float32', seed);
  return tf.div(tf.round(tf.mul(drawn, 4)), 4);
}

interface Windows {
  readonly sides: Triple;
  readonly stride: Triple;
  readonly padding: Triple;
}

/** The voxels of the window that output `i` comes from, in order. */
function windowOf(i: number, shape: readonly number[], grid: readonly number[], windows: Windows): number[] {
  const [, ...sides] = shape as [number, number, number, number, number];
  const channels = sides[3];
  const place = Math.floor(i / channels);
  const [, od, oh, ow] = grid as [number, number, number, number];
  const at = [Math.floor(place / (ow * oh)) % od, Math.floor(place / ow) % oh, place % ow];
  const sample = Math.floor(place / (ow * oh * od));
  const along = (axis: number): number[] =>
    Array.from({ length: windows.sides[axis] as number }, (_, k) => {
      return (at[axis] as number) * (windows.stride[axis] as number) - (windows.padding[axis] as number) + k;
    }).filter((voxel) => voxel >= 0 && voxel < (sides[axis] as number));
  return along(0).flatMap((z) =>
    along(1).flatMap((y) =>
      along(2).map(
        (x) => (((sample * sides[0] + z) * sides[1] + y) * sides[2] + x) * channels + (i % channels),
      ),
    ),
  );
}

/** The plain definition, the first of the largest: values, and the gradient of their sum weighted. */
function byHand(x: tf.Tensor5D, grid: readonly number[], windows: Windows, weights: ArrayLike<number>) {
  const data = x.dataSync();
  const gradient: number[] = new Array(data.length).fill(0);
  const values = Array.from(weights, (weight, i) => {
    const voxels = windowOf(i, x.shape, grid, windows);
    const largest = Math.max(...voxels.map((voxel) => data[voxel] as number));
    const first = voxels.find((voxel) => data[voxel] === largest) as number;
    gradient[first] = (gradient[first] as number) + weight;
    return largest;
  });
  return { values, gradient };
}

function expectNear(actual: tf.Tensor, expected: readonly number[]): void {
  const values = actual.dataSync();
  expect(values.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 5);
}

const none: Triple = [0, 0, 0];
const forms: Windows[] = [
  ...(
    [
      [2, 2, 2],
      [1, 2, 3],
      [3, 1, 2],
      [1, 1, 1],
    ] as const
  ).map((sides) => ({ sides, stride: sides, padding: none })),
  { sides: [3, 3, 3], stride: [2, 2, 2], padding: [1, 1, 1] },
  { sides: [3, 2, 3], stride: [1, 1, 2], padding: [1, 0, 1] },
  { sides: [2, 1, 4], stride: [3, 2, 3], padding: [1, 0, 2] },
  { sides: [1, 1, 1], stride: [2, 1, 2], padding: none },
];

describe.each(forms)('max pooling of $sides by $stride, padded by $padding', (windows) => {
  const { sides, stride, padding } = windows;

  test('values, and gradients where ties go to the first', () => {
    for (const shape of [
      [1, 4, 6, 4, 3],
      [3, 5, 3, 7, 2],
      [1, 3, 2, 3, 1],
    ]) {
      const x = quarters(shape, 1);
      const y = maxPool(x, sides, { stride, padding });
      const grid = [0, 1, 2].map((axis) => {
        const room = (shape[axis + 1] as number) + 2 * (padding[axis] as number) - (sides[axis] as number);
        return Math.floor(room / (stride[axis] as number)) + 1;
      });
      expect(y.shape).toEqual([shape[0], ...grid, shape[4]]);
      const weights: tf.Tensor = tf.randomUniform(y.shape, -1, 1, 'float32', 2);
      const expected = byHand(x, y.shape, windows, weights.dataSync());
      expectNear(y, expected.values);
      const pooled = (at: tf.Tensor) =>
        tf.mul(maxPool(at as tf.Tensor5D, sides, { stride, padding }), weights);
      expectNear(tf.grad((at) => tf.sum(pooled(at)))(x), expected.gradient);
    }
  });
});

test('a volume of one voxel, padded, is that voxel; a batch of two equals two single runs', () => {
  const options = { stride: [2, 2, 2], padding: [1, 1, 1] } as const;
  const voxel = tf.fill([1, 1, 1, 1, 2], -7) as tf.Tensor5D;
  expect([...maxPool(voxel, [3, 3, 3], options).dataSync()]).toEqual([-7, -7]);
  const x = quarters([2, 5, 4, 3, 2], 3);
  const singles = tf.split(x, 2).map((sample) => maxPool(sample as tf.Tensor5D, [3, 3, 3], options));
  expect(maxPool(x, [3, 3, 3], options).dataSync()).toEqual(tf.concat(singles).dataSync());
});

test('side by side by default, and one tensor is left', () => {
  const x = quarters([1, 4, 4, 5, 2], 4);
  const before = tf.memory().numTensors;
  const y = tf.tidy(() => maxPool(x, [2, 2, 2]));
  expect(tf.memory().numTensors - before).toBe(1);
  expect(y.dataSync()).toEqual(maxPool(x, [2, 2, 2], { stride: [2, 2, 2], padding: none }).dataSync());
});
