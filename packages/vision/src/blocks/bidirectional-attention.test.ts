import { loadEngine } from '@bipvl/engine';
import { RandomStream, type Triple } from '@bipvl/nn';
import { compare, gradientError } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { BidirectionalAttention, type BidirectionalAttentionOptions } from './bidirectional-attention.js';

beforeAll(async () => {
  await loadEngine();
});

const options: BidirectionalAttentionOptions = {
  inputChannels: 5,
  outputChannels: 6,
  mapChannels: 4,
  heads: 3,
  headWidth: 2,
  kernel: undefined,
  returnsMap: true,
};
const build = (changes: Partial<BidirectionalAttentionOptions> = {}) =>
  new BidirectionalAttention({ ...options, ...changes }, new RandomStream(1));

function inputs(batch: number, sides: readonly number[] = [1, 3, 2], tokens = 4) {
  return {
    features: tf.randomUniform<tf.Rank.R5>([batch, ...(sides as Triple), 5], -2, 2, 'float32', 3),
    map: tf.randomUniform<tf.Rank.R5>([batch, tokens, 1, 1, 4], -2, 2, 'float32', 4),
  };
}

/** The rows of a tensor [.., C]. */
function rowsOf(x: tf.Tensor): number[][] {
  return tf.reshape(x, [-1, x.shape.at(-1) as number]).arraySync() as number[][];
}

/** x W for a row and the weight [1, 1, 1, I, O] of a convolution. */
function project(row: readonly number[], weight: tf.Tensor): number[] {
  const columns = rowsOf(weight);
  return (columns[0] as number[]).map((_, o) =>
    row.reduce((sum, value, i) => sum + value * ((columns[i] as number[])[o] as number), 0),
  );
}

/** Over `scores` softmax, then the mean of `values` by it. */
function average(scores: readonly number[], values: readonly number[]): number {
  const weights = scores.map((score) => Math.exp(score));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, i) => sum + (weight / total) * (values[i] as number), 0);
}

describe('bidirectional attention', () => {
  test('is what the formulas say, with the head as the fastest of the channels', () => {
    const attention = build();
    const given = inputs(1);
    const found = attention.attend(given);
    const voxels = rowsOf(given.features).map((row) => project(row, attention.fromFeatures.pointwise.weight));
    const tokens = rowsOf(given.map).map((row) => project(row, attention.fromMap.weight));
    const [heads, width] = [3, 2];
    const inner = heads * width;
    const channel = (j: number, h: number) => j * heads + h;
    const score = (voxel: number[], token: number[], h: number) =>
      [0, 1].reduce((sum, j) => sum + Number(voxel[channel(j, h)]) * Number(token[channel(j, h)]), 0) /
      Math.sqrt(width);
    const read = (scores: (h: number) => number[], from: readonly number[][]): number[] =>
      Array.from({ length: inner }, (_, at) =>
        average(
          scores(at % heads),
          from.map((row) => row[inner + at] as number),
        ),
      );
    const toVoxels = voxels.map((voxel) =>
      project(
        read((h) => tokens.map((token) => score(voxel, token, h)), tokens),
        attention.toFeatures.pointwise.weight,
      ),
    );
    const toTokens = tokens.map((token) =>
      project(
        read((h) => voxels.map((voxel) => score(voxel, token, h)), voxels),
        attention.toMap?.weight as tf.Tensor,
      ),
    );
    for (const [actual, expected] of [
      [found.features, toVoxels],
      [found.map, toTokens],
    ] as const) {
      const verdict = compare(actual.dataSync(), expected.flat(), { atol: 1e-5 });
      expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
    }
    attention.dispose();
  });

  test('without differences in the scores reads means: of the map, and of the voxels', () => {
    const attention = build();
    const given = inputs(1);
    const queries = tf.concat([tf.zeros([1, 1, 1, 4, 6]), tf.ones([1, 1, 1, 4, 6])], 4);
    attention.fromMap.weight.assign(queries as tf.Tensor<tf.Rank>);
    const { features } = attention.attend(given);
    const mean = tf.mean(tf.sum(given.map, 4), 1).dataSync()[0] as number;
    const expected = project([mean, mean, mean, mean, mean, mean], attention.toFeatures.pointwise.weight);
    const verdict = compare(rowsOf(features)[4] as number[], expected, { atol: 1e-5 });
    expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
    attention.dispose();
  });

  test('has the gradients of finite differences', () => {
    const attention = build({ kernel: [1, 3, 3] });
    const { features, map } = inputs(2);
    for (const part of ['features', 'map'] as const) {
      const f = (x: tf.Tensor, m: tf.Tensor) =>
        attention.attend({ features: x as tf.Tensor5D, map: m as tf.Tensor5D })[part];
      expect(gradientError(f, [features, map])).toBeLessThan(3e-3);
    }
    attention.dispose();
  });

  test.each([
    [[1, 1, 1], 1],
    [[3, 5, 1], 7],
  ])(
    'of a grid of [%s] and %i tokens a batch of three is three single runs, and nothing else is left',
    (sides, tokens) => {
      const attention = build({ kernel: [3, 3, 3] });
      const given = inputs(3, sides, tokens);
      const before = tf.memory().numTensors;
      const together = attention.attend(given);
      expect(tf.memory().numTensors - before).toBe(2);
      const singles = [0, 1, 2].map((n) =>
        attention.attend({
          features: tf.slice(given.features, [n], [1]),
          map: tf.slice(given.map, [n], [1]),
        }),
      );
      for (const part of ['features', 'map'] as const) {
        const apart = tf.concat(singles.map((single) => single[part]));
        const verdict = compare(together[part].dataSync(), apart.dataSync(), { atol: 1e-5 });
        expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
      }
      attention.dispose();
    },
  );

  test('hands a map that it does not change through, and has no weights for it', () => {
    const attention = build({ returnsMap: false });
    const given = inputs(1);
    expect([...attention.attend(given).map.dataSync()]).toEqual([...given.map.dataSync()]);
    expect([...attention.state().keys()].filter((name) => name.startsWith('toMap'))).toEqual([]);
    attention.dispose();
  });
});
