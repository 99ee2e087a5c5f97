import { loadEngine } from '@bipvl/engine';
import { evaluation, type Module, training } from '@bipvl/nn';
import { compare } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ChannelCrossAttention } from './channel-cross-attention.js';
import type { CrossAttention } from './cross-attention-half.js';
import { SpatialCrossAttention } from './spatial-cross-attention.js';

/** Of four positions, as on a grid of 2 x 2: a scale of two channels, and it among four. */
let own: tf.Tensor3D;
let all: tf.Tensor3D;

beforeAll(async () => {
  await loadEngine();
  const numbers = [0.5, -1, 0.1, 1, 2, 0.25, -0.6, 0.3, -0.75, 1.5, 0.9, -1, 1, -2, 0.2, 0.7];
  all = tf.tensor3d(numbers, [1, 4, 4]);
  own = tf.slice(all, [0, 0, 0], [1, 4, 2]);
});

function randomised<M extends Module>(module: M): M {
  for (const [index, variable] of [...module.state().values()].entries())
    variable.assign(tf.randomUniform(variable.shape, -1.5, 1.5, 'float32', index + 1));
  return module;
}

/** Rows of [1, P, C] after the scale and shift of a channel. */
function scaled(x: tf.Tensor3D, { scale, shift }: { scale: tf.Variable; shift: tf.Variable }): number[][] {
  const [a, c] = [scale.dataSync(), shift.dataSync()];
  const rows = (x.arraySync()[0] ?? []) as number[][];
  return rows.map((row) => row.map((value, channel) => value * (a[channel] ?? 0) + (c[channel] ?? 0)));
}

function columns(rows: readonly number[][]): number[][] {
  return (rows[0] ?? []).map((_, channel) => rows.map((row) => row[channel] ?? 0));
}

/** softmax(scale q k^T) v of plain numbers. */
function attended(q: number[][], k: number[][], v: number[][], scale: number): number[][] {
  return q.map((query) => {
    const scores = k.map((key) => scale * key.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0));
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    return columns(v).map((value) =>
      value.reduce((sum, each, j) => sum + (each * Math.exp(scores[j] ?? 0)) / total, 0),
    );
  });
}

function expectNear(actual: tf.Tensor, expected: tf.Tensor, atol = 1e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  const verdict = compare(actual.dataSync(), expected.dataSync(), { atol });
  expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
}

const forms: [string, (heads: number, dropout?: number) => CrossAttention][] = [
  ['channel', (heads, dropout = 0) => new ChannelCrossAttention({ own: 2, all: 4, heads, dropout })],
  ['spatial', (heads, dropout = 0) => new SpatialCrossAttention({ own: 2, all: 4, heads, dropout })],
];

describe('one head on a grid of 2 x 2, by the formula', () => {
  test('channel attention: softmax(Q^T K / sqrt(all)) V^T', () => {
    const layer = randomised(new ChannelCrossAttention({ own: 2, all: 4, heads: 1, dropout: 0 }));
    const [q, k, v] = [scaled(own, layer.query), scaled(all, layer.key), scaled(all, layer.value)];
    const mixed = columns(attended(columns(q), columns(k), columns(v), 1 / 2));
    const expected = scaled(tf.tensor3d([mixed]), layer.output);
    expectNear(layer.forward(own, all, evaluation()), tf.tensor3d([expected]));
  });

  test('spatial attention: softmax(Q K^T / sqrt(all)) V', () => {
    const layer = randomised(new SpatialCrossAttention({ own: 2, all: 4, heads: 1, dropout: 0 }));
    const [q, k, v] = [scaled(all, layer.query), scaled(all, layer.key), scaled(own, layer.value)];
    const expected = scaled(tf.tensor3d([attended(q, k, v, 1 / 2)]), layer.output);
    expectNear(layer.forward(own, all, evaluation()), tf.tensor3d([expected]));
  });
});

describe.each(forms)('%s attention', (_, create) => {
  test.each([1, 2])('of %i heads goes along with any order of the positions', (heads) => {
    const layer = randomised(create(heads));
    const order = tf.tensor1d([2, 0, 3, 1], 'int32');
    const moved = layer.forward(tf.gather(own, order, 1), tf.gather(all, order, 1), evaluation());
    const plain = layer.forward(own, all, evaluation());
    expectNear(moved, tf.gather(plain, order, 1));
    expect(compare(moved.dataSync(), plain.dataSync(), { atol: 1e-3 }).verdict).toBe('different');
  });

  test('has dropout of its probabilities in training, drawn from the context', () => {
    const [plain, dropping] = [randomised(create(2)), randomised(create(2, 0.5))];
    const run = (step: number) => dropping.forward(own, all, training(1, step));
    expectNear(dropping.forward(own, all, evaluation()), plain.forward(own, all, evaluation()), 0);
    expectNear(run(0), run(0), 0);
    const steps = [run(0), run(1), plain.forward(own, all, training(1, 0))].map((y) => y.dataSync().join());
    expect(new Set(steps).size).toBe(3);
  });

  test('refuses heads that do not divide the channels of the scale and of all', () => {
    expect(() => create(4)).toThrow(
      expect.objectContaining({ code: 'heads-do-not-divide', hint: 'use one of 1, 2 heads' }),
    );
  });
});
