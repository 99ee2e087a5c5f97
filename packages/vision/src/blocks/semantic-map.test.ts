import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream, type Triple } from '@bipvl/nn';
import { compare, gradientError } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { SemanticMap } from './semantic-map.js';
import { SemanticMapFusion } from './semantic-map-fusion.js';

beforeAll(async () => {
  await loadEngine();
});

const grid = (batch: number, sides: readonly number[]) =>
  tf.randomUniform<tf.Rank.R5>([batch, ...(sides as Triple), 3], -1, 1, 'float32', 5);

function expectSame(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const verdict = compare(actual.dataSync(), expected.dataSync(), { atol: 1e-5 });
  expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
}

describe('a semantic map', () => {
  const map = () => new SemanticMap({ channels: 3, tokens: 4 }, new RandomStream(1));

  test('weighs the voxels of each token by a softmax over them', () => {
    const generation = map();
    const x = grid(2, [3, 1, 5]);
    const values = generation.values.forward(x).arraySync();
    const scores = generation.weights.forward(x).arraySync();
    const [n, token, channel] = [1, 2, 0];
    const voxels = [0, 1, 2].flatMap((d) => [0, 1, 2, 3, 4].map((w) => [d, w] as const));
    const weights = voxels.map(([d, w]) => Math.exp(Number(scores[n]?.[d]?.[0]?.[w]?.[token])));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const expected = voxels.reduce(
      (sum, [d, w], at) => sum + (Number(weights[at]) / whole) * Number(values[n]?.[d]?.[0]?.[w]?.[channel]),
      0,
    );
    const found = generation.forward(x).arraySync();
    expect(found[n]?.[token]?.[0]?.[0]?.[channel]).toBeCloseTo(expected, 5);
    generation.dispose();
  });

  test('of equal weights is the mean of the voxels in each token, of one voxel that voxel', () => {
    const generation = map();
    generation.weights.weight.assign(tf.zerosLike(generation.weights.weight) as tf.Tensor<tf.Rank>);
    for (const sides of [
      [2, 3, 5],
      [1, 1, 1],
    ]) {
      const x = grid(3, sides);
      const mean = tf.reshape(tf.mean(generation.values.forward(x), [1, 2, 3]), [3, 1, 1, 1, 3]);
      expectSame(generation.forward(x), tf.tile(mean, [1, 4, 1, 1, 1]));
    }
    generation.dispose();
  });

  test('has the gradient of finite differences', () => {
    const generation = map();
    const x = grid(2, [2, 3, 1]);
    expect(gradientError((at) => generation.forward(at as tf.Tensor5D), [x])).toBeLessThan(3e-3);
    generation.dispose();
  });
});

describe('the fusion of maps', () => {
  const options = { channels: [3, 5], width: 8, depth: 1, heads: 2 };
  const maps = (batch: number) =>
    options.channels.map(
      (channels, index) =>
        tf.randomUniform([batch, 4, 1, 1, channels], -1, 1, 'float32', index + 1) as tf.Tensor5D,
    );

  test('joins their tokens one map after the other and gives each map its own back', () => {
    const fusion = new SemanticMapFusion(options, new RandomStream(1));
    const [first, second] = maps(3) as [tf.Tensor5D, tf.Tensor5D];
    const tokens = fusion.fuse([first, second], evaluation());
    expect(tokens.shape).toEqual([3, 8, 8]);
    expect(fusion.part(tokens).map(({ shape }) => shape)).toEqual([first.shape, second.shape]);
    const single = fusion.fuse([tf.slice(first, [2], [1]), tf.slice(second, [2], [1])], evaluation());
    expectSame(tf.slice(tokens, [2], [1]), single);
    // Which token comes first does not matter: the transformer knows no places.
    const turned = fusion.fuse([tf.reverse(first, 1), second], evaluation());
    expectSame(tf.slice(turned, [0, 4], [3, 4]), tf.slice(tokens, [0, 4], [3, 4]));
    fusion.dispose();
  });

  test('refuses a width that the heads do not divide, and names the nearest that they do', () => {
    expect(() => new SemanticMapFusion({ ...options, heads: 3 }, new RandomStream(1))).toThrow(
      expect.objectContaining({ code: 'heads-do-not-divide', hint: expect.stringContaining('width of 9') }),
    );
  });
});
