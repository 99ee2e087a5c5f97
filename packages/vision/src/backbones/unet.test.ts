import { loadEngine } from '@bipvl/engine';
import { type Context, evaluation, RandomStream, training } from '@bipvl/nn';
import { compare } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Meet } from '../coupling.js';
import { createBackbone, listBackbones } from '../registry.js';
import type { SegmentationNetwork } from '../segmentation-network.js';
import { createUNet, type UNetOptions } from './unet.js';

beforeAll(async () => {
  await loadEngine();
});

const small: UNetOptions = { inputChannels: 2, outputChannels: 3, channels: [4, 6, 8, 10] };
/** Every option away from its default somewhere. */
const forms: Record<string, UNetOptions> = {
  residual: small,
  plain: { ...small, residualUnits: 0 },
  'three units, batch norm, leaky ReLU': {
    ...small,
    residualUnits: 3,
    normalisation: 'batch',
    activation: { leakyRelu: 0.01 },
  },
  'convolution head': { ...small, head: 'convolution' },
  'plain with convolution head': { ...small, residualUnits: 0, head: 'convolution' },
  'bias where nothing normalises': { ...small, bias: 'unnormalised' },
  'no bias': { ...small, bias: false },
  'normalised shortcuts': { ...small, normaliseShortcut: true },
  'anisotropic strides': { ...small, strides: [[2, 2, 1], 2, [1, 2, 2]] },
  'kernel of 5': { ...small, kernel: 5 },
};
const sides = [16, 8, 8] as const;
const image = (batch: number, channels = 2): tf.Tensor =>
  tf.randomUniform([batch, ...sides, channels], -1, 1, 'float32', 5);
const build = (options: UNetOptions): SegmentationNetwork => createUNet(options, new RandomStream(1));
const expectSame = (a: tf.Tensor, b: tf.Tensor, atol = 1e-5): void => {
  expect(a.shape).toEqual(b.shape);
  expect(compare(a.dataSync(), b.dataSync(), { atol })).toMatchObject({ verdict: 'equal' });
};

describe.each(Object.entries(forms))('%s', (_, options) => {
  test('gives logits of the size of the image, and one tensor a call', () => {
    const network = build(options);
    const x = image(2);
    for (const context of [evaluation(), training(1, 0)]) {
      const before = tf.memory().numTensors;
      const { logits, auxiliary } = network.forward(x, context);
      expect(tf.memory().numTensors - before).toBe(1);
      expect(logits.shape).toEqual([2, ...sides, 3]);
      expect(auxiliary).toEqual([]);
      expect([...logits.dataSync()].every(Number.isFinite)).toBe(true);
    }
    network.dispose();
  });

  test('reaches every tensor it made, and gives every parameter a gradient', () => {
    const before = tf.memory().numTensors;
    const network = build(options);
    expect(network.state().size).toBe(tf.memory().numTensors - before);
    const parameters = network.parameters();
    const [x, weights] = [image(1), tf.randomUniform([1, ...sides, 3], -1, 1, 'float32', 6)];
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(network.forward(x, training(1, 0)).logits, weights)),
      [...parameters.values()],
    );
    for (const [name, variable] of parameters) {
      const gradient = grads[variable.name];
      expect(gradient?.shape, name).toEqual(variable.shape);
      expect([...(gradient?.dataSync() ?? [Number.NaN])].every(Number.isFinite), name).toBe(true);
      // A bias before a normalisation moves nothing: its gradient is rounding.
      if (
        !(name.endsWith('convolution.bias') || (options.normaliseShortcut && name.endsWith('shortcut.bias')))
      )
        expect(Math.max(...(gradient?.dataSync() ?? []).map(Math.abs)), name).toBeGreaterThan(1e-6);
    }
    network.dispose();
  });

  test('a batch of two in evaluation equals two single runs', () => {
    const network = build(options);
    const x = image(2);
    const singles = tf.split(x, 2).map((sample) => network.forward(sample, evaluation()).logits);
    expectSame(network.forward(x, evaluation()).logits, tf.concat(singles));
    network.dispose();
  });
});

describe('the options', () => {
  test("bias 'unnormalised' leaves biases only where no normalisation follows", () => {
    const biases = (bias: UNetOptions['bias']) =>
      [
        ...build({ ...small, bias: bias ?? true })
          .state()
          .keys(),
      ].filter((name) => name.endsWith('.bias'));
    expect(biases('unnormalised')).toEqual([
      ...[0, 1, 2, 3].map((level) => `encoder.levels.${level}.shortcut.bias`),
      'decoder.levels.2.refine.last.bias',
    ]);
    expect(biases(false)).toEqual([]);
    expect(biases(true)).toEqual(expect.arrayContaining(biases('unnormalised')));
    expect(biases(true).length).toBeGreaterThan(biases('unnormalised').length);
  });

  test('normalised shortcuts have features of one size, however bright the image', () => {
    const bottleneck = (options: UNetOptions, brightness: number) =>
      build(options).encoder.encode(tf.mul(image(1), brightness), evaluation(), {}).pyramid.bottleneck;
    const growth = (options: UNetOptions) => {
      const [dim, bright] = [1, 50].map(
        (brightness) => tf.moments(bottleneck(options, brightness)).variance.dataSync()[0],
      );
      return (bright as number) / (dim as number);
    };
    expect(growth({ ...small, normaliseShortcut: true })).toBeCloseTo(1, 2);
    expect(growth(small)).toBeGreaterThan(1.5);
    const names = [
      ...build({ ...small, normaliseShortcut: true, bias: 'unnormalised' })
        .state()
        .keys(),
    ];
    const biases = names.filter((name) => name.endsWith('.bias'));
    expect(biases).toEqual(['decoder.levels.2.refine.last.bias']);
  });

  test("with head 'convolution' the decoder ends in features and a 1x1x1 convolution gives the logits", () => {
    const network = build({ ...small, head: 'convolution' });
    const weight = network.state().get('head.convolution.weight');
    expect(weight?.shape).toEqual([1, 1, 1, 4, 3]);
    const { pyramid } = network.encoder.encode(image(1), evaluation(), {});
    const { levels } = network.decoder.decode(pyramid, evaluation());
    expect(levels.map((level) => level.shape)).toEqual([
      [1, 4, 2, 2, 6],
      [1, 8, 4, 4, 4],
      [1, ...sides, 4],
    ]);
    const features = tf.reshape(levels.at(-1) as tf.Tensor, [-1, 4]);
    const bias = network.state().get('head.convolution.bias') as tf.Tensor;
    const byHand = tf.add(tf.matMul(features, tf.reshape(weight as tf.Tensor, [4, 3])), bias);
    expectSame(network.forward(image(1), evaluation()).logits, tf.reshape(byHand, [1, ...sides, 3]));
  });

  test('the same stream gives the same weights under the same names, another stream others', () => {
    const [first, again, other] = [1, 1, 2].map((seed) => createUNet(small, new RandomStream(seed)));
    const values = (network: SegmentationNetwork | undefined) =>
      [...(network?.state() ?? [])].map(([name, variable]) => [name, variable.dataSync().join()]);
    expect(values(again)).toEqual(values(first));
    expect(values(other)).not.toEqual(values(first));
  });

  test('that do not go together are refused with both counts', () => {
    const wrong: UNetOptions[] = [
      { ...small, strides: [2, 2] },
      { ...small, channels: [4] },
    ];
    for (const options of wrong)
      expect(() => build(options)).toThrow(expect.objectContaining({ code: 'unet-options', kind: 'usage' }));
    expect(() => build({ ...small, strides: [2, 2] })).toThrow('4 channels and 2 strides');
  });
});

describe('the number of parameters', () => {
  /** A convolution of this side with its bias. */
  const convolution = (inputs: number, outputs: number, side: number) =>
    inputs * outputs * side ** 3 + outputs;
  const slope = 1;

  test("of MONAI's default network, 1 channel in and 3 out, derived by hand", () => {
    const channels = [16, 32, 64, 128, 256];
    // Two units of convolution and PReLU, and a shortcut; the bottom has stride 1, so its shortcut is 1x1x1.
    const down = [1, ...channels.slice(0, -1)].map((inputs, level) => {
      const outputs = channels[level] as number;
      const units = convolution(inputs, outputs, 3) + slope + convolution(outputs, outputs, 3) + slope;
      return units + convolution(inputs, outputs, level === 4 ? 1 : 3);
    });
    expect(down).toEqual([7_826, 55_394, 221_378, 885_122, 2_687_746]);
    // A transposed convolution of skip and features from below, and a unit whose shortcut is the identity;
    // the last has no PReLU.
    const up = [
      [128 + 256, 64],
      [64 + 64, 32],
      [32 + 32, 16],
      [16 + 16, 3],
    ].map(
      ([inputs = 0, outputs = 0]) =>
        convolution(inputs, outputs, 3) +
        slope +
        convolution(outputs, outputs, 3) +
        (outputs === 3 ? 0 : slope),
    );
    expect(up).toEqual([774_274, 138_306, 34_594, 2_842]);
    const total = [...down, ...up].reduce((sum, count) => sum + count, 0);
    expect(total).toBe(4_807_482);
    const network = build({
      inputChannels: 1,
      outputChannels: 3,
      channels,
      strides: [2, 2, 2, 2],
      residualUnits: 2,
    });
    expect(network.parameterCount()).toBe(total);
    expect(build({ inputChannels: 1, outputChannels: 3 }).parameterCount()).toBe(total);
    network.dispose();
  });

  test("of the spleen network in MONAI's model zoo (batch norm, 2 classes): 4,808,917", () => {
    const network = build({ inputChannels: 1, outputChannels: 2, normalisation: 'batch' });
    expect(network.parameterCount()).toBe(4_808_917);
    network.dispose();
  });
});

describe('the sites', () => {
  test('are every level but the first, with the extents that the features have', () => {
    for (const strides of [undefined, [[2, 2, 1], 2, [1, 2, 2]]] as const) {
      const { encoder } = build({ ...small, ...(strides ? { strides } : {}) });
      const seen: number[][] = [];
      const meet: Meet<tf.NamedTensorMap> = (_site, features, state) => {
        seen.push(features.shape);
        return { features, state };
      };
      const { pyramid } = encoder.encode(image(1), evaluation(), {}, meet);
      expect(seen).toEqual(encoder.sites.map((site) => [1, ...site.extent(sides), site.channels]));
      expect(pyramid.bottleneck.shape).toEqual([
        1,
        ...encoder.bottleneckExtent(sides),
        encoder.bottleneckChannels,
      ]);
    }
    const { encoder } = build(small);
    expect(encoder.sites.map(({ name, kind, channels, prefix }) => [name, kind, channels, prefix])).toEqual([
      ['level 1', 'grid', 6, 0],
      ['level 2', 'grid', 8, 0],
      ['level 3', 'grid', 10, 0],
    ]);
    expect(encoder.sites.map((site) => site.extent([48, 64, 48]))).toEqual([
      [12, 16, 12],
      [6, 8, 6],
      [6, 8, 6],
    ]);
  });

  test('meet in order, once each, and what comes back flows on', () => {
    const { encoder } = build(small);
    const order: number[] = [];
    const tripled: Meet<{ count: tf.Tensor }> = (site, features, { count }) => {
      order.push(site);
      return { features: tf.add(features, site === 1 ? 3 : 0), state: { count: tf.add(count, 1) } };
    };
    const plain = encoder.encode(image(1), evaluation(), {}).pyramid;
    const { pyramid: met, state } = encoder.encode(image(1), evaluation(), { count: tf.scalar(10) }, tripled);
    expect(order).toEqual([0, 1, 2]);
    expect(state.count.dataSync()[0]).toBe(13);
    expect(met.skips.map(({ shape }) => shape)).toEqual(plain.skips.map(({ shape }) => shape));
    // Level 0 has no site, site 0 changed nothing, site 1 sits at level 2: its skip has the change, and so
    // does what follows.
    for (const level of [0, 1]) expectSame(met.skips[level] as tf.Tensor, plain.skips[level] as tf.Tensor, 0);
    expectSame(met.skips[2] as tf.Tensor, tf.add(plain.skips[2] as tf.Tensor, 3));
    expect(compare(met.bottleneck.dataSync(), plain.bottleneck.dataSync(), { atol: 1e-2 }).verdict).toBe(
      'different',
    );
  });

  test('a change reaches the logits, and gradients flow through the hook', () => {
    const network = build(small);
    const gain = tf.variable(tf.scalar(1));
    const run = (context: Context): tf.Tensor =>
      tf.tidy(() => {
        const { pyramid } = network.encoder.encode(
          image(1),
          context,
          { gain: gain as tf.Tensor },
          (_, features, state) => ({
            features: tf.mul(features, state.gain),
            state,
          }),
        );
        return network.finish(pyramid, context).logits;
      });
    expectSame(run(evaluation()), network.forward(image(1), evaluation()).logits, 0);
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(run(evaluation()))), [gain]);
    expect(Math.abs((grads[gain.name] as tf.Tensor).dataSync()[0] as number)).toBeGreaterThan(1e-3);
    gain.assign(tf.scalar(0.5));
    const changed = compare(
      run(evaluation()).dataSync(),
      network.forward(image(1), evaluation()).logits.dataSync(),
      { atol: 1e-3 },
    );
    expect(changed.verdict).toBe('different');
  });

  test('the encoder leaves no tensor behind but its pyramid and the state', () => {
    const { encoder } = build(small);
    const x = image(1);
    const before = tf.memory().numTensors;
    encoder.encode(x, evaluation(), { count: tf.scalar(0) as tf.Tensor }, (_, features, { count }) => ({
      features: tf.relu(features),
      state: { count: tf.add(count, 1) },
    }));
    // Three skips, the bottleneck, and the four states: the caller's and one a site.
    expect(tf.memory().numTensors - before).toBe(8);
  });
});

describe('sizes', () => {
  test('that are no multiples are refused before any work, naming the nearest that are', () => {
    const network = build(small);
    for (const [given, nearest] of [
      [
        [20, 8, 8],
        [24, 8, 8],
      ],
      [
        [17, 9, 1],
        [16, 8, 8],
      ],
      [
        [3, 3, 3],
        [8, 8, 8],
      ],
    ] as const) {
      const before = tf.memory().numTensors;
      const x = tf.zeros([1, ...given, 2]);
      const fault = expect.objectContaining({
        code: 'illegal-size',
        message: `UNet expects sides that are multiples of [8,8,8], received [${given}]`,
        hint: `use a patch of [${nearest}] voxels`,
      });
      expect(() => network.forward(x, evaluation())).toThrow(fault);
      expect(() => network.encoder.bottleneckExtent(given)).toThrow(fault);
      expect(() => network.encoder.sites[0]?.extent(given)).toThrow(fault);
      x.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  test('follow the strides axis by axis', () => {
    const { encoder } = build({ ...small, strides: [[2, 2, 1], 2, [1, 2, 2]] });
    expect(encoder.bottleneckExtent([4, 8, 4])).toEqual([1, 1, 1]);
    expect(() => encoder.bottleneckExtent([4, 4, 4])).toThrow('multiples of [4,8,4]');
    expect(() => encoder.bottleneckExtent([8, 8])).toThrow(expect.objectContaining({ code: 'illegal-size' }));
  });

  test('with other channels than the network was built for are refused', () => {
    expect(() => build(small).forward(image(1, 3), evaluation())).toThrow(
      expect.objectContaining({ code: 'wrong-channels' }),
    );
  });
});

describe('the registry', () => {
  test('builds what its names say', () => {
    expect(listBackbones()).toContain('unet');
    const [byName, direct] = [createBackbone('unet', small, new RandomStream(1)), build(small)];
    expect([...byName.state().keys()]).toEqual([...direct.state().keys()]);
    expectSame(
      byName.forward(image(1), evaluation()).logits,
      direct.forward(image(1), evaluation()).logits,
      0,
    );
  });

  test('refuses an unknown name, and one that every object has, naming the known ones', () => {
    for (const name of ['unnet', 'toString']) {
      const create = () => createBackbone(name as 'unet', small, new RandomStream(1));
      expect(create).toThrow(
        expect.objectContaining({
          code: 'unknown-backbone',
          message: expect.stringContaining(`'${name}'; expected one of: unet`),
        }),
      );
    }
  });
});
