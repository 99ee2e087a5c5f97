import { loadEngine } from '@bipvl/engine';
import {
  BlankStream,
  evaluation,
  MultiplicationLedger,
  mapState,
  RandomStream,
  training,
  unmapState,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from '../backbone-case.test-support.js';
import { med3DVLMDCFormerTable } from '../checkpoints/med3dvlm-dcformer.js';
import type { Meet } from '../coupling.js';
import { createDCFormer, type DCFormerOptions } from './dcformer.js';

beforeAll(async () => {
  await loadEngine();
});

const small: DCFormerOptions = {
  inputChannels: 2,
  channels: [4, 4, 6, 8, 8],
  blocks: [1, 2, 1, 1],
  kernels: [5, 5, 3, 3],
  layerScale: 0.5,
};
const build = (options: DCFormerOptions = small) => createDCFormer(options, new RandomStream(1));
const imageOf = (batch: number, sides: readonly number[]) =>
  tf.randomUniform([batch, ...sides, 2], -1, 1, 'float32', 5);

/** Sides of the image, and of the grids of the stem and each stage: floor((n - 1) / stride) + 1. */
const sizes: [number[], number[][]][] = [
  [
    [64, 32, 128],
    [
      [16, 8, 32],
      [8, 4, 16],
      [4, 2, 8],
      [2, 1, 4],
      [1, 1, 2],
    ],
  ],
  [
    [35, 9, 18],
    [
      [9, 3, 5],
      [5, 2, 3],
      [3, 1, 2],
      [2, 1, 1],
      [1, 1, 1],
    ],
  ],
  [
    [1, 1, 1],
    [
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ],
  ],
];

describe.each(sizes)('an image of %j', (sides, grids) => {
  test('gives the features of the stem and of four stages, as published, and no other tensor', () => {
    const network = build();
    const x = imageOf(2, sides);
    for (const context of [evaluation(), training(1, 0)]) {
      const before = tf.memory().numTensors;
      const { skips, bottleneck } = network.encode(x, context, {}).pyramid;
      expect(tf.memory().numTensors - before).toBe(5);
      const shapes = grids.map((grid, level) => [2, ...grid, small.channels?.[level]]);
      expect([...skips, bottleneck].map(({ shape }) => shape)).toEqual(shapes);
      expect(network.sites.map((site) => [2, ...site.extent(sides), site.channels])).toEqual(shapes.slice(1));
      expect([2, ...network.bottleneckExtent(sides), network.bottleneckChannels]).toEqual(shapes.at(-1));
      for (const level of [...skips, bottleneck])
        expect([...level.dataSync()].every(Number.isFinite)).toBe(true);
    }
    network.dispose();
  });

  test('a batch of three equals three single runs', () => {
    const network = build();
    const x = imageOf(3, sides);
    const run = (image: tf.Tensor) => network.encode(image, evaluation(), {}).pyramid.bottleneck;
    expectSame(run(x), tf.concat(tf.split(x, 3).map(run)), 1e-4);
    network.dispose();
  });
});

describe('the number of parameters', () => {
  // Section 3.1 of ../shared/spec/dcformer.md: of the stem 3 (7 C + C) + 6 C + 3 (3 (3 C^2 + C) + 6 C), of a block 3 (k C + C) + 6 C + 8 C^2 + 5 C + C, of a
  // projection the product of the channels. In millions it gives 0.789, 5.852, 14.657, 18.245, 33.87 and 185.1.
  test.each([
    ['nano', 789_216],
    ['naive', 5_851_680],
    ['tiny', 14_657_472],
    ['small', 18_244_800],
    ['base', 33_868_864],
    ['large', 185_125_440],
  ] as const)('of %s', (variant, count) => {
    const network = createDCFormer({ inputChannels: 1, variant }, new BlankStream());
    expect(network.parameterCount()).toBe(count);
    network.dispose();
  });
});

test.each([
  ['nano', 4.0],
  ['naive', 5.9],
] as const)('the multiply-adds of %s are those of the paper', (variant, published) => {
  const ledger = new MultiplicationLedger();
  const count = ledger.record(() =>
    tf.tidy(() => {
      const network = createDCFormer({ inputChannels: 1, variant }, new BlankStream());
      network.encode(tf.zeros([1, 64, 128, 128, 1]), evaluation(), {});
      network.dispose();
    }),
  );
  // An eighth of 128 x 256 x 256 voxels, for which the same section has them in 10^9, rounded to one place.
  expect(Math.abs((8 * count) / 1e9 - published)).toBeLessThan(0.05);
});

describe('DCFormer', () => {
  test('reaches every tensor it made, and gives every parameter a gradient', () => {
    for (const changes of [{}, { stemActivation: 'gelu', residualMixer: true, stemStride: 2 }] as const) {
      const before = tf.memory().numTensors;
      const network = build({ ...small, ...changes });
      expect(network.state().size).toBe(tf.memory().numTensors - before);
      const parameters = network.parameters();
      const x = imageOf(2, [20, 22, 34]);
      const weigh = (y: tf.Tensor, seed: number) =>
        tf.sum(tf.mul(y, tf.randomUniform(y.shape, -1, 1, 'float32', seed)));
      const { grads } = tf.variableGrads(() => {
        const { skips, bottleneck } = network.encode(x, evaluation(), {}).pyramid;
        return tf.addN([...skips, bottleneck].map(weigh)) as tf.Scalar;
      }, [...parameters.values()]);
      for (const [name, variable] of parameters) {
        const values = [...(grads[variable.name]?.dataSync() ?? [Number.NaN])];
        expect(values.every(Number.isFinite), name).toBe(true);
        expect(Math.max(...values.map(Math.abs)), name).toBeGreaterThan(1e-7);
      }
      network.dispose();
    }
  });

  test('embeds an image as the mean of its last stage', () => {
    const network = build();
    const x = imageOf(2, [70, 66, 40]);
    const { bottleneck } = network.encode(x, evaluation(), {}).pyramid;
    const before = tf.memory().numTensors;
    const embedded = network.embed(x, evaluation());
    expect(tf.memory().numTensors - before).toBe(1);
    expectSame(embedded, tf.mean(tf.reshape(bottleneck, [2, -1, 8]), 1), 1e-6);
    network.dispose();
  });

  test('meets after each of the four stages, and what comes back goes on', () => {
    const network = build();
    const x = imageOf(1, [32, 20, 17]);
    const order: number[] = [];
    const meet: Meet<{ count: tf.Tensor }> = (site, features, { count }) => {
      order.push(site);
      const extent = network.sites[site]?.extent([32, 20, 17]) ?? [];
      expect(features.shape).toEqual([1, ...extent, network.sites[site]?.channels]);
      const changed = site === 1 ? tf.add(features, 2) : features;
      return { features: changed, state: { count: tf.add(count, 1) } };
    };
    const plain = network.encode(x, evaluation(), {}).pyramid;
    const { pyramid, state } = network.encode(x, evaluation(), { count: tf.scalar(10) }, meet);
    expect(order).toEqual([0, 1, 2, 3]);
    expect(state.count.dataSync()[0]).toBe(14);
    for (const level of [0, 1])
      expectSame(pyramid.skips[level] as tf.Tensor, plain.skips[level] as tf.Tensor, 0);
    expectSame(pyramid.skips[2] as tf.Tensor, tf.add(plain.skips[2] as tf.Tensor, 2));
    expect(tf.max(tf.abs(tf.sub(pyramid.bottleneck, plain.bottleneck))).dataSync()[0]).toBeGreaterThan(1e-3);
    network.dispose();
  });

  test('blocks start as the identity where the layer scale is 0, unless their mixer has its input added', () => {
    const x = imageOf(1, [32, 32, 32]);
    const run = (changes: Partial<DCFormerOptions>) =>
      build({ ...small, ...changes }).encode(x, evaluation(), {}).pyramid.bottleneck;
    const none = run({ layerScale: 0 });
    expectSame(none, run({ layerScale: 0, blocks: [3, 1, 1, 1] }), 0);
    for (const changed of [run({ layerScale: 0, residualMixer: true }), run({ layerScale: 1 })])
      expect(tf.max(tf.abs(tf.sub(changed, none))).dataSync()[0]).toBeGreaterThan(1e-3);
  });

  test('sides that are none are refused', () => {
    const network = build();
    const fault = expect.objectContaining({ code: 'illegal-size', kind: 'usage' });
    expect(() => network.bottleneckExtent([32, 0, 32])).toThrow(fault);
    expect(() => network.sites[3]?.extent([32, 32])).toThrow(fault);
    network.dispose();
  });

  test.each<[string, Partial<DCFormerOptions>, string]>([
    ['an even kernel', { kernels: [13, 11, 8, 7] }, 'kernels of odd sides, received 8'],
    ['four channels', { channels: [4, 4, 8, 8] }, 'expects 5 channels, received 4'],
    ['five blocks', { blocks: [1, 1, 1, 1, 1] }, 'expects 4 blocks, received 5'],
    ['no block', { blocks: [1, 0, 1, 1] }, 'whole numbers above 0 as blocks'],
  ])('%s are refused', (_, changes, message) => {
    const fault = { code: 'backbone-options', kind: 'usage', message: expect.stringContaining(message) };
    expect(() => build({ ...small, ...changes })).toThrow(expect.objectContaining(fault));
  });
});

test("the original's lines c1, c2 and c3 along H, W and D turn into ours and back bit for bit", () => {
  const table = med3DVLMDCFormerTable();
  const network = build();
  const published = unmapState(network.state(), table);
  expect(
    ['c1', 'c2', 'c3'].map((line) => published.get(`encoder.s1.0.dwconv.${line}.0.weight`)?.shape),
  ).toEqual([
    [4, 1, 5, 1, 1],
    [4, 1, 1, 5, 1],
    [4, 1, 1, 1, 5],
  ]);
  for (const [name, tensor] of mapState(published, table, network.state()))
    expect(tensor.dataSync(), name).toEqual(network.state().get(name)?.dataSync());
  const depth = network.state().get('stages.1.blocks.0.mixer.alongDepth.convolution.weight') as tf.Tensor;
  expect(depth.shape).toEqual([5, 1, 1, 1, 4]);
  expectSame(
    tf.transpose(published.get('encoder.s1.0.dwconv.c3.0.weight') as tf.Tensor, [4, 2, 3, 1, 0]),
    depth,
    0,
  );
});
