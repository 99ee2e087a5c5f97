import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GroupNorm } from '../layers/group-norm.js';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { compositeGroupNorm, groupNorm } from './group-norm.js';

beforeAll(async () => {
  await loadEngine();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const uniform = (shape: number[], seed: number, low = -1): tf.Tensor =>
  tf.randomUniform(shape, low, 1, 'float32', seed);
function expectNear(actual: tf.Tensor, expected: ArrayLike<number>, tolerance = 2e-5): void {
  expect(compare(actual.dataSync(), expected, { atol: tolerance, rel_l2: tolerance })).toMatchObject({
    verdict: 'equal',
  });
}
const run = (groups: number) => (x: tf.Tensor, s: tf.Tensor, b: tf.Tensor) =>
  groupNorm(x, s, b, groups, 1e-5);

describe('group norm', () => {
  test('equals PyTorch (torch.nn.functional.group_norm in float64), gradients too', () => {
    const x = tf.tensor(
      [
        0, 1, 1.627417, 6.569219, 1, 4.18034, 6, 4.872167, 2.828427, 0.696938, 3.622777, 3.383203, 5.196152,
        4.520259, 1.482873, 2.09475,
      ],
      [1, 1, 2, 2, 4],
    );
    const inputs = [x, tf.tensor1d([1, 2, 0.5, -1]), tf.tensor1d([0, 1, 2, 3])] as const;
    expectNear(
      run(2)(...inputs),
      [
        -1.292135, -0.519806, 1.431924, 1.435681, -0.759903, 2.865555, 2.626633, 2.363044, 0.213246,
        -0.842404, 1.977111, 3.176695, 1.473426, 3.227387, 1.39243, 3.880776,
      ],
    );
    // The weights of the sum are 0 1 2 3 4 0 1 ... in PyTorch's order of axes, channels first.
    const weights = tf.transpose(
      tf.tensor(
        Array.from({ length: 16 }, (_, i) => i % 5),
        [1, 4, 1, 2, 2],
      ),
      [0, 2, 3, 4, 1],
    );
    const gradients = tf.grads((...at) =>
      tf.sum(tf.mul(run(2)(...(at as [tf.Tensor, tf.Tensor, tf.Tensor])), weights)),
    )([...inputs]);
    const expected = [
      [
        -1.277282, 2.958624, 0.840079, -0.309215, -0.767004, -1.369058, 1.788684, -1.117792, -0.274912,
        -0.228118, 0.328595, -1.894229, 0.205339, 0.75241, 0.271298, 0.09258,
      ],
      [4.086867, -1.733426, 0.389468, 4.332729],
      [6, 7, 8, 9],
    ];
    for (const [i, gradient] of gradients.entries()) expectNear(gradient, expected[i] as number[]);
  });

  test('native equals composite, values and gradients; a batch of 3 equals three single runs', () => {
    for (const [shape, groups] of [
      [[1, 4, 6, 5, 6], 3],
      [[3, 5, 3, 7, 4], 1],
      [[2, 1, 1, 3, 4], 2],
      [[3, 3, 1, 2, 4], 4],
    ] as const) {
      const channels = shape[4];
      // Far from zero, where moments by plain sums would lose digits.
      const inputs = [
        tf.add(uniform([...shape], 1), 20),
        uniform([channels], 2, 0.5),
        uniform([channels], 3),
      ] as const;
      const [x, scale, shift] = inputs;
      const weights = uniform([...shape], 9);
      const [native, composite] = [run(groups), compositeGroupNorm(groups, 1e-5)].map((f) => [
        f(...inputs),
        ...tf.grads((...at) => tf.sum(tf.mul(f(...(at as [tf.Tensor, tf.Tensor, tf.Tensor])), weights)))([
          ...inputs,
        ]),
      ]) as [tf.Tensor[], tf.Tensor[]];
      for (const [i, tensor] of native.entries())
        expectNear(tensor, (composite[i] as tf.Tensor).dataSync(), 2e-4);
      const singles = tf.split(x, shape[0]).map((sample) => run(groups)(sample, scale, shift));
      expectNear(native[0] as tf.Tensor, tf.concat(singles).dataSync());
    }
  });

  test('gradients by finite differences', () => {
    const inputs = [uniform([2, 3, 2, 3, 4], 1), uniform([4], 2, 0.5), uniform([4], 3)];
    expect(gradientError(run(2) as never, inputs)).toBeLessThan(3e-3);
  });

  test('a single voxel of one channel a group gives the shift, not NaN', () => {
    const y = groupNorm(uniform([2, 1, 1, 1, 2], 1), tf.ones([2]), tf.tensor1d([1, 2]), 2, 1e-5);
    expect([...y.dataSync()]).toEqual([1, 2, 1, 2]);
  });

  test('the layer leaves one tensor a call, and refuses groups that do not divide', () => {
    const layer = new GroupNorm({ channels: 4, groups: 2 });
    const x = uniform([1, 2, 2, 2, 4], 1);
    const before = tf.memory().numTensors;
    layer.forward(x);
    expect(tf.memory().numTensors - before).toBe(1);
    expect(() => new GroupNorm({ channels: 4, groups: 3 })).toThrow(
      expect.objectContaining({ code: 'groups-do-not-divide' }),
    );
  });
});
