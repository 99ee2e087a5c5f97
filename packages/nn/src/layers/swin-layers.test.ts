import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { evaluation, training, within } from '../context.js';
import { convolve } from '../kernels/convolution.js';
import { RandomStream } from '../random-stream.js';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { Attention } from './attention.js';
import { dropPath } from './drop-path.js';
import { Mlp } from './mlp.js';
import { PatchEmbedding } from './patch-embedding.js';
import { type MergingOrder, PatchMerging } from './patch-merging.js';
import { RelativePositionBias, relativePositionIndex } from './relative-position-bias.js';
import { SelfAttention } from './self-attention.js';

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

const random = () => new RandomStream(1);
const uniform = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);
const expectSame = (a: tf.Tensor, b: tf.Tensor): void => {
  expect(a.shape).toEqual(b.shape);
  const verdict = compare(a.dataSync(), b.dataSync(), { atol: 2e-5 });
  expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
};

describe('patch embedding', () => {
  test('is the convolution whose stride is its filter, after zeros at the far ends', () => {
    for (const [shape, patch, padded] of [
      [[1, 4, 6, 2, 3], 2, [4, 6, 2]],
      [[3, 5, 3, 1, 2], 2, [6, 4, 2]],
      [
        [2, 4, 3, 5, 1],
        [4, 1, 3],
        [4, 3, 6],
      ],
    ] as const) {
      const layer = new PatchEmbedding({ inputChannels: shape[4], outputChannels: 5, patch }, random());
      const x = uniform([...shape], 2) as tf.Tensor5D;
      const stride = typeof patch === 'number' ? ([patch, patch, patch] as const) : patch;
      const theirs = (input: tf.Tensor) => {
        const margins = padded.map((side, axis) => [0, side - (shape[axis + 1] as number)]);
        const whole = tf.pad(input, [[0, 0], ...margins, [0, 0]] as [number, number][]) as tf.Tensor5D;
        return tf.add(
          convolve(whole, layer.weight as tf.Tensor as tf.Tensor5D, stride, [0, 0, 0]),
          layer.bias,
        );
      };
      expectSame(layer.forward(x), theirs(x));
      expect(gradientError((input) => layer.forward(input as tf.Tensor5D), [x])).toBeLessThan(2e-3);
      layer.dispose();
    }
  });
});

describe('patch merging', () => {
  /** Starts along D, H and W as spec of Swin UNETR lists them for MONAI 1.4, and as MONAI 1.6 has them. */
  const starts: Record<MergingOrder, string[]> = {
    v2: ['000', '001', '010', '011', '100', '101', '110', '111'],
    legacy: ['000', '100', '010', '001', '101', '010', '001', '111'],
    'legacy-corrected': ['000', '100', '010', '001', '110', '101', '011', '111'],
  };

  test.each(Object.entries(starts))('%s joins the sub-grids that start at %s', (order, offsets) => {
    for (const shape of [
      [1, 4, 2, 6, 2],
      [3, 3, 5, 1, 1],
      [1, 1, 1, 1, 3],
    ] as [number, number, number, number, number][]) {
      const channels = shape[4];
      const layer = new PatchMerging({ channels, order: order as MergingOrder }, random());
      const x = uniform(shape, 3) as tf.Tensor5D;
      const actual = layer.forward(x);
      const half = shape.slice(1, 4).map((side) => Math.ceil(side / 2));
      expect(actual.shape).toEqual([shape[0], ...half, 2 * channels]);
      const values = x.arraySync();
      const joined = tf.buffer([shape[0], ...half, 8 * channels]);
      for (let i = 0; i < joined.size; i++) {
        const [n, d, h, w, place] = joined.indexToLoc(i) as [number, number, number, number, number];
        const [a, b, c] = [...(offsets[Math.floor(place / channels)] as string)].map(Number) as [
          number,
          number,
          number,
        ];
        const value = values[n]?.[2 * d + a]?.[2 * h + b]?.[2 * w + c]?.[place % channels] ?? 0;
        joined.set(value, n, d, h, w, place);
      }
      expectSame(actual, layer.reduction.forward(layer.normalisation.forward(joined.toTensor())));
      // Of constant rows layer norm makes a step; differences are taken where there is none.
      if (shape[1] > 1 && channels > 1)
        expect(
          gradientError((input) => layer.forward(input as tf.Tensor5D), [x], { step: 5e-3 }),
        ).toBeLessThan(1e-2);
      layer.dispose();
    }
  });
});

describe('relative position bias', () => {
  // WindowAttention(4, 2, (2, 3, 2)).relative_position_index of MONAI 1.6.1, rows 0 and 11 and the first five of five.
  const index = {
    first: [22, 21, 19, 18, 16, 15, 7, 6, 4, 3, 1, 0],
    last: [44, 43, 41, 40, 38, 37, 29, 28, 26, 25, 23, 22],
    five: [
      22, 21, 19, 18, 16, 23, 22, 20, 19, 17, 25, 24, 22, 21, 19, 26, 25, 23, 22, 20, 28, 27, 25, 24, 22,
    ],
  };

  test("has the published index, of a smaller grid the whole window's first", () => {
    const whole = [...relativePositionIndex([2, 3, 2], 12)];
    expect(whole.slice(0, 12)).toEqual(index.first);
    expect(whole.slice(-12)).toEqual(index.last);
    expect([...relativePositionIndex([2, 3, 2], 5)]).toEqual(index.five);
  });

  test("gives each head and pair the table's number, and adds their gradients up", () => {
    const layer = new RelativePositionBias({ window: [2, 3, 2], heads: 3 }, random());
    expect(layer.table.shape).toEqual([45, 3]);
    const table = layer.table.arraySync() as number[][];
    const bias = layer.forward(5).arraySync() as number[][][];
    const expected = [0, 1, 2].map((head) =>
      [0, 1, 2, 3, 4].map((i) => index.five.slice(5 * i, 5 * i + 5).map((row) => table[row]?.[head])),
    );
    expect(bias).toEqual(expected);
    const weights = uniform([3, 5, 5], 4);
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(layer.forward(5), weights)), [layer.table]);
    const byHand = tf.buffer([45, 3]);
    const w = weights.arraySync() as number[][][];
    for (let head = 0; head < 3; head++)
      for (const [pair, row] of index.five.entries()) {
        const weight = w[head]?.[Math.floor(pair / 5)]?.[pair % 5] as number;
        byHand.set(byHand.get(row, head) + weight, row, head);
      }
    expectSame(grads[layer.table.name] as tf.Tensor, byHand.toTensor());
    layer.dispose();
  });
});

describe('self-attention', () => {
  test('equals the attention of its parts, values and gradients', () => {
    for (const [batch, tokens] of [
      [1, 5],
      [3, 4],
      [3, 1],
    ] as const) {
      const layer = new SelfAttention({ width: 6, heads: 2 }, random());
      const apart = new Attention({ width: 6, heads: 2 }, random());
      const parts = tf.split(layer.qkv.weight as tf.Tensor, 3, 1);
      const biases = tf.split(layer.qkv.bias as tf.Tensor, 3);
      for (const [index, part] of [apart.query, apart.key, apart.value].entries()) {
        part.weight.assign(parts[index] as tf.Tensor<tf.Rank>);
        part.bias?.assign(biases[index] as tf.Tensor<tf.Rank>);
      }
      apart.output.weight.assign(layer.output.weight);
      apart.output.bias?.assign(layer.output.bias as tf.Tensor<tf.Rank>);
      const x = uniform([batch, tokens, 6], 5) as tf.Tensor3D;
      const both = [
        (y: tf.Tensor) => layer.forward(y as tf.Tensor3D, evaluation()),
        (y: tf.Tensor) => apart.forward(y as tf.Tensor3D, y as tf.Tensor3D, evaluation()),
      ] as const;
      expectSame(both[0](x), both[1](x));
      const weights = uniform([batch, tokens, 6], 6);
      const [ours, theirs] = both.map((f) => tf.grad((y: tf.Tensor) => tf.sum(tf.mul(f(y), weights)))(x));
      expectSame(ours as tf.Tensor, theirs as tf.Tensor);
      layer.dispose();
      apart.dispose();
    }
  });

  test('goes without bias of queries, keys and values where asked, and refuses heads that do not divide', () => {
    const layer = new SelfAttention({ width: 4, heads: 2, bias: false }, random());
    expect([...layer.state().keys()]).toEqual(['qkv.weight', 'output.weight', 'output.bias']);
    layer.dispose();
    expect(() => new SelfAttention({ width: 10, heads: 4 }, random())).toThrow(
      expect.objectContaining({ code: 'heads-do-not-divide', hint: expect.stringContaining('width of 12') }),
    );
  });

  test('drops probabilities and results in training only, the same for the same step', () => {
    const layer = new SelfAttention({ width: 4, heads: 2, dropout: 0.5 }, random());
    const inner = new SelfAttention({ width: 4, heads: 2, attentionDropout: 0.5 }, random());
    const x = uniform([2, 6, 4], 7) as tf.Tensor3D;
    const plain = [...layer.forward(x, evaluation()).dataSync()];
    for (const dropping of [layer, inner]) {
      const run = (step: number) => [...dropping.forward(x, training(1, step)).dataSync()];
      expect(run(3)).toEqual(run(3));
      expect(run(3)).not.toEqual(run(4));
      expect(run(3)).not.toEqual(plain);
      expect([...dropping.forward(x, evaluation()).dataSync()]).toEqual(plain);
      dropping.dispose();
    }
  });
});

describe('stochastic depth', () => {
  test('keeps or drops whole samples and scales what it keeps', () => {
    const x = tf.ones([400, 2, 3]);
    const rows = dropPath(x, 0.25, training(1, 0)).arraySync() as number[][][];
    for (const row of rows) expect(new Set(row.flat()).size).toBe(1);
    const kept = rows.filter((row) => row[0]?.[0] !== 0);
    expect(kept[0]?.[0]?.[0]).toBeCloseTo(4 / 3, 5);
    // Five standard deviations of a binomial share of 400.
    expect(Math.abs(kept.length / 400 - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / 400));
  });

  test('is the identity in evaluation and at rate 0, and draws anew for another part', () => {
    const x = tf.ones([64, 1]);
    expect(dropPath(x, 0.5, evaluation())).toBe(x);
    expect(dropPath(x, 0, training(1, 0))).toBe(x);
    const draw = (part: string) =>
      dropPath(x, 0.5, within(training(1, 0), part))
        .dataSync()
        .join();
    expect(draw('a')).toBe(draw('a'));
    expect(draw('a')).not.toBe(draw('b'));
  });
});

test('an MLP drops hidden values and results in training only', () => {
  const layer = new Mlp({ width: 4, hidden: 64, activation: 'gelu', dropout: 0.5 }, random());
  const x = uniform([8, 4], 8);
  const plain = [...layer.forward(x).dataSync()];
  expect([...layer.forward(x, evaluation()).dataSync()]).toEqual(plain);
  const dropped = [...layer.forward(x, training(1, 0)).dataSync()];
  expect(dropped.filter((value) => value === 0).length).toBeGreaterThan(4);
  expect([...layer.forward(x, training(1, 0)).dataSync()]).toEqual(dropped);
  layer.dispose();
});
