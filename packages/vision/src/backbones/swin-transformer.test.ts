import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream, training } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from '../backbone-case.test-support.js';
import type { Meet } from '../coupling.js';
import { createSwinTransformer, type SwinTransformerOptions } from './swin-transformer.js';

beforeAll(async () => {
  await loadEngine();
});

const small: SwinTransformerOptions = { inputChannels: 2, width: 4, heads: [1, 2, 2, 4], window: 3 };
const build = (options: SwinTransformerOptions) => createSwinTransformer(options, new RandomStream(1));
const imageOf = (batch: number, sides: readonly number[]) =>
  tf.randomUniform([batch, ...sides, 2], -1, 1, 'float32', 5);

/** Sides of the image, and of the grids after the embedding and each stage: halves rounded up. */
const sizes: [number[], number[][]][] = [
  [
    [32, 16, 48],
    [
      [16, 8, 24],
      [8, 4, 12],
      [4, 2, 6],
      [2, 1, 3],
      [1, 1, 2],
    ],
  ],
  [
    [35, 9, 18],
    [
      [18, 5, 9],
      [9, 3, 5],
      [5, 2, 3],
      [3, 1, 2],
      [2, 1, 1],
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
  test('gives the embedding and four stages of doubling width, as published, and no other tensor', () => {
    for (const version of [1, 2] as const) {
      const network = build({ ...small, version });
      const x = imageOf(2, sides);
      const before = tf.memory().numTensors;
      const { skips, bottleneck } = network.encode(x, training(1, 0), {}).pyramid;
      expect(tf.memory().numTensors - before).toBe(5);
      const shapes = grids.map((grid, level) => [2, ...grid, 4 * 2 ** level]);
      expect([...skips, bottleneck].map(({ shape }) => shape)).toEqual(shapes);
      expect(network.sites.map((site) => [2, ...site.extent(sides), site.channels])).toEqual(shapes.slice(1));
      expect([2, ...network.bottleneckExtent(sides), network.bottleneckChannels]).toEqual(shapes.at(-1));
      for (const level of [...skips, bottleneck])
        expect([...level.dataSync()].every(Number.isFinite)).toBe(true);
      network.dispose();
    }
  });

  test('a batch of three equals three single runs', () => {
    const network = build(small);
    const x = imageOf(3, sides);
    const run = (image: tf.Tensor) => network.encode(image, evaluation(), {}).pyramid.bottleneck;
    expectSame(run(x), tf.concat(tf.split(x, 3).map(run)), 1e-4);
    network.dispose();
  });
});

describe('the Swin transformer', () => {
  test('reaches every tensor it made, and gives every parameter a gradient', () => {
    for (const options of [small, { ...small, version: 2, patchNormalisation: true } as const]) {
      const before = tf.memory().numTensors;
      const network = build(options);
      expect(network.state().size).toBe(tf.memory().numTensors - before);
      const parameters = network.parameters();
      const x = imageOf(1, [20, 22, 34]);
      const weigh = (y: tf.Tensor, seed: number) =>
        tf.sum(tf.mul(y, tf.randomUniform(y.shape, -1, 1, 'float32', seed)));
      const { grads } = tf.variableGrads(() => {
        const { skips, bottleneck } = network.encode(x, training(1, 0), {}).pyramid;
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

  test('meets after each stage, and what comes back goes on and leaves', () => {
    const network = build({ ...small, normalise: false });
    const x = imageOf(1, [16, 20, 17]);
    const order: number[] = [];
    const meet: Meet<{ count: tf.Tensor }> = (site, features, { count }) => {
      order.push(site);
      expect(features.shape).toEqual([
        1,
        ...(network.sites[site]?.extent([16, 20, 17]) ?? []),
        network.sites[site]?.channels,
      ]);
      const changed =
        site === 1 ? tf.add(features, tf.randomUniform(features.shape, 1, 2, 'float32', 3)) : features;
      return { features: changed, state: { count: tf.add(count, 1) } };
    };
    const plain = network.encode(x, evaluation(), {}).pyramid;
    const { pyramid, state } = network.encode(x, evaluation(), { count: tf.scalar(10) }, meet);
    expect(order).toEqual([0, 1, 2, 3]);
    expect(state.count.dataSync()[0]).toBe(14);
    for (const level of [0, 1])
      expectSame(pyramid.skips[level] as tf.Tensor, plain.skips[level] as tf.Tensor, 0);
    const [before, after] = [plain.skips[2] as tf.Tensor, pyramid.skips[2] as tf.Tensor];
    expectSame(after, tf.add(before, tf.randomUniform(before.shape, 1, 2, 'float32', 3)));
    expect(tf.max(tf.abs(tf.sub(pyramid.bottleneck, plain.bottleneck))).dataSync()[0]).toBeGreaterThan(1e-3);
    network.dispose();
  });

  test('normalises what leaves, not what goes on', () => {
    const [raw, normalised] = [build({ ...small, normalise: false }), build(small)];
    const x = imageOf(1, [16, 16, 16]);
    const [plain, level] = [raw, normalised].map((network) => network.encode(x, evaluation(), {}).pyramid);
    for (const [index, skip] of [...(plain?.skips ?? []), plain?.bottleneck as tf.Tensor].entries()) {
      const { mean, variance } = tf.moments(skip, -1, true);
      const other = [...(level?.skips ?? []), level?.bottleneck as tf.Tensor][index] as tf.Tensor;
      expectSame(other, tf.div(tf.sub(skip, mean), tf.sqrt(tf.add(variance, 1e-5))), 1e-4);
    }
    raw.dispose();
    normalised.dispose();
  });

  // PyTorch 2.15 and MONAI 1.6.1: sum(p.numel() for p in SwinTransformer(in_chans=1, embed_dim=48, window_size=(7, 7, 7),
  // patch_size=(2, 2, 2), depths=(2, 2, 2, 2), num_heads=(3, 6, 12, 24), use_v2=...).parameters())
  test.each([
    [1, 8_062_002],
    [2, 18_637_362],
  ] as const)('of version %d and width 48 has as many parameters as published', (version, count) => {
    const network = build({ inputChannels: 1, width: 48, version });
    expect(network.parameterCount()).toBe(count);
    network.dispose();
  });

  test('refuses sides that are none, and stages that do not go together', () => {
    const network = build(small);
    const fault = expect.objectContaining({ code: 'illegal-size', hint: expect.stringContaining('[1,1,1]') });
    expect(() => network.bottleneckExtent([0, 4, 4])).toThrow(fault);
    expect(() => network.sites[0]?.extent([4, 4])).toThrow(fault);
    expect(() => build({ ...small, heads: [1, 2, 4] })).toThrow(
      expect.objectContaining({ code: 'backbone-options', message: expect.stringContaining('3 heads') }),
    );
    network.dispose();
  });
});
