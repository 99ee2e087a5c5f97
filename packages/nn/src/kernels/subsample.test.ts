import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { convolve, type Triple } from './convolution.js';
import { subsample } from './subsample.js';

beforeAll(async () => {
  await loadEngine();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const uniform = (shape: readonly number[], seed: number): tf.Tensor5D =>
  tf.randomUniform(shape as tf.Tensor5D['shape'], -1, 1, 'float32', seed);

/** The definition, by the core library's gathering. */
function gathered(x: tf.Tensor, steps: Triple): tf.Tensor {
  return steps.reduce((taken, step, axis) => {
    const side = taken.shape[axis + 1] as number;
    const places = Array.from({ length: side }, (_, place) => place).filter((place) => place % step === 0);
    return tf.gather(taken, tf.tensor1d(places, 'int32'), axis + 1);
  }, x);
}

const grids = [
  [1, 5, 6, 7, 3],
  [3, 4, 1, 9, 2],
  [1, 1, 1, 1, 1],
];

test.each([[[1, 1, 1]], [[2, 2, 2]], [[3, 1, 4]]] as const)('every %s-th voxel', (steps) => {
  for (const shape of grids) {
    const x = uniform(shape, 1);
    const [taken, expected] = [subsample(x, steps), gathered(x, steps)];
    expect(taken.shape).toEqual(expected.shape);
    expect(taken.dataSync()).toEqual(expected.dataSync());
    expect(gradientError((at) => subsample(at as tf.Tensor5D, steps), [x])).toBeLessThan(2e-3);
  }
});

/** oneDNN writes beyond its memory at the last of these with its own strides: TensorFlow then ends the process, or gives other numbers. */
describe.each<[Triple, Triple]>([
  [
    [7, 1, 1],
    [3, 0, 0],
  ],
  [
    [1, 7, 1],
    [0, 3, 0],
  ],
  [
    [1, 1, 7],
    [0, 0, 3],
  ],
])('a convolution along one line, %j', (kernel, padding) => {
  test.each([7, 8, 9, 32])('of stride 4 on %i voxels a side is every fourth of stride 1', (side) => {
    for (const batch of [1, 2]) {
      const x = uniform([batch, side, side, 2 * side, 1], 1);
      const filter = uniform([...kernel, 1, 8], 2);
      const strided = convolve(x, filter, [4, 4, 4], padding);
      const expected = gathered(convolve(x, filter, [1, 1, 1], padding), [4, 4, 4]);
      expect(strided.shape).toEqual(expected.shape);
      expect(compare(strided.dataSync(), expected.dataSync(), { atol: 1e-5 }).verdict).toBe('equal');
    }
  });

  test('its gradients by finite differences', () => {
    const inputs = [uniform([2, 9, 8, 7, 2], 1), uniform([...kernel, 2, 3], 2)];
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      convolve(x as tf.Tensor5D, w as tf.Tensor5D, [4, 4, 4], padding);
    expect(gradientError(f as never, inputs)).toBeLessThan(2e-3);
  });
});
