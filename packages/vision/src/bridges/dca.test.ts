import { loadEngine } from '@bipvl/engine';
import {
  type Context,
  evaluation,
  loadState,
  Module,
  mapState,
  RandomStream,
  training,
  unmapState,
} from '@bipvl/nn';
import { compare, gradientError } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { atesDcaTable } from '../checkpoints/ates-dca.js';
import { type DcaOptions, DualCrossAttention } from './dca.js';
import { NormalisedSkips } from './normalised-skips.js';

beforeAll(async () => {
  await loadEngine();
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const channels = [4, 8];

function build(options: DcaOptions = {}, widths: readonly number[] = channels): DualCrossAttention {
  return new DualCrossAttention(options, widths, new RandomStream(1));
}

/** Other than the identity that the attention begins as. */
function shaken(options: DcaOptions = {}, widths: readonly number[] = channels): DualCrossAttention {
  const bridge = build(options, widths);
  for (const [index, variable] of [...bridge.state().values()].entries())
    variable.assign(tf.add(variable, tf.randomUniform(variable.shape, -0.3, 0.3, 'float32', index + 1)));
  return bridge;
}

/** Skips of the first sides, and of half of them each further, rounded up. */
function skipsOf(batch: number, sides: readonly number[], widths: readonly number[] = channels): tf.Tensor[] {
  return widths.map((width, scale) => {
    const own = sides.map((side) => Math.ceil(side / 2 ** scale));
    return tf.randomUniform([batch, ...own, width], -1, 1, 'float32', scale + 1);
  });
}

function connect(
  bridge: DualCrossAttention | NormalisedSkips,
  skips: tf.Tensor[],
  context: Context,
): tf.Tensor[] {
  return bridge.connect({ skips, bottleneck: tf.scalar(0), extra: {} }, context).skips;
}

function expectNear(actual: readonly tf.Tensor[], expected: readonly tf.Tensor[], atol = 1e-5): void {
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [index, tensor] of actual.entries()) {
    const verdict = compare(tensor.dataSync(), (expected[index] as tf.Tensor).dataSync(), { atol });
    expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
  }
}

function expectDifferent(actual: readonly tf.Tensor[], expected: readonly tf.Tensor[]): void {
  for (const [index, tensor] of actual.entries())
    expect(
      compare(tensor.dataSync(), (expected[index] as tf.Tensor).dataSync(), { atol: 1e-3 }).verdict,
    ).toBe('different');
}

/** Keeps what the ReLU is given above zero, so that finite differences meet no kink. */
function lifted(bridge: DualCrossAttention): DualCrossAttention {
  for (const [name, variable] of bridge.parameters())
    if (name.endsWith('output.normalisation.shift')) variable.assign(tf.fill(variable.shape, 8));
  return bridge;
}

describe('the number of parameters', () => {
  const published = [32, 64, 128, 256];

  test('is that of the paper: 110,560 for a U-Net of 32, 64, 128 and 256 channels, 87,520 of them in the convolutions', () => {
    const parameters = build({}, published).parameters();
    const sizes = [...parameters].map(
      ([name, { size }]) => [/projection/.test(name) ? size : 0, size] as const,
    );
    expect(sizes.reduce((total, [, size]) => total + size, 0)).toBe(110_560);
    expect(sizes.reduce((total, [size]) => total + size, 0)).toBe(87_520);
  });

  test('grows by a block, falls by a half, and gets two norms more', () => {
    const all = 4 + 8;
    const half = 2 * all + 4 * all + 4 * 2 * all;
    const plain = build().parameterCount();
    expect(build({ blocks: 3 }).parameterCount() - plain).toBe(2 * 2 * half);
    expect(plain - build({ attention: 'channel' }).parameterCount()).toBe(half);
    expect(plain - build({ attention: 'spatial' }).parameterCount()).toBe(half);
    expect(build({ postNormalisation: true }).parameterCount() - plain).toBe(2 * all);
    expect(plain - build({ normalisation: 'none' }).parameterCount()).toBe(2 * all);
  });
});

describe('the skips that come back', () => {
  test.each([
    [1, [8, 8]],
    [3, [7, 5]],
    [2, [1, 1]],
    [1, [6, 7, 5]],
    [3, [2, 1, 3]],
    [1, [1, 1, 1]],
  ])('of %i samples of [%s] have their shapes, and nothing else is left', (batch, sides) => {
    const [bridge, skips, pyramid] = [
      shaken(),
      skipsOf(batch, sides),
      { bottleneck: tf.scalar(0), extra: {} },
    ];
    for (const context of [evaluation(), training(1, 0)]) {
      const before = tf.memory().numTensors;
      const connected = bridge.connect({ skips, ...pyramid }, context);
      expect(tf.memory().numTensors - before).toBe(skips.length);
      expect(connected).toMatchObject(pyramid);
      expect(connected.skips.map(({ shape }) => shape)).toEqual(skips.map(({ shape }) => shape));
      for (const skip of connected.skips) {
        const values = [...skip.dataSync()];
        expect(values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      }
    }
  });

  test('are the normalised and rectified ones where the convolutions are zero', () => {
    const [bridge, control] = [shaken(), new NormalisedSkips({}, channels)];
    for (const [name, variable] of bridge.state())
      if (name.includes('projection')) variable.assign(tf.zeros(variable.shape));
    const outputs = [...bridge.state()].filter(([name]) => name.includes('output.normalisation'));
    loadState(
      control,
      new Map(
        outputs.map(([name, value]) => [
          name.replace('reconnections', 'outputs').replace('.output.', '.'),
          value as tf.Tensor,
        ]),
      ),
    );
    const skips = skipsOf(2, [6, 7, 5]);
    for (const context of [evaluation(), training(1, 0)])
      expectNear(connect(bridge, skips, context), connect(control, skips, context));
  });

  test('of a volume one voxel deep are those of the image', () => {
    const bridge = shaken({ grid: [3, 2] });
    const images = skipsOf(2, [7, 5]);
    const volumes = images.map((skip) => tf.expandDims(skip, 1));
    const deep = shaken({ grid: [1, 3, 2] });
    expectNear(
      connect(deep, volumes, evaluation()).map((skip) => tf.squeeze(skip, [1])),
      connect(bridge, images, evaluation()),
    );
  });

  test('depend on every half, block, and on the norm after them', () => {
    const skips = skipsOf(1, [6, 4]);
    const plain = connect(shaken(), skips, evaluation());
    const others: DcaOptions[] = [
      { attention: 'channel' },
      { attention: 'spatial' },
      { blocks: 2 },
      { postNormalisation: true },
      { channelHeads: [2, 4] },
      { spatialHeads: 2 },
    ];
    for (const options of others) expectDifferent(connect(shaken(options), skips, evaluation()), plain);
  });
});

describe('batches and running statistics', () => {
  test('a batch of two in evaluation is two single runs, gradients too', () => {
    const bridge = shaken();
    const both = skipsOf(2, [5, 6, 3]);
    const singles = [0, 1].map((n) => both.map((skip) => tf.slice(skip, [n], [1])));
    const apart = singles.map((skips) => connect(bridge, skips, evaluation()));
    const joined = channels.map((_, scale) => tf.concat(apart.map((skips) => skips[scale] as tf.Tensor)));
    expectNear(connect(bridge, both, evaluation()), joined);
    const gradientsOf = (skips: tf.Tensor[]): tf.NamedTensorMap => {
      const objective = () =>
        tf.addN(connect(bridge, skips, evaluation()).map((skip) => tf.sum(tf.square(skip)))) as tf.Scalar;
      return tf.variableGrads(objective, [...bridge.parameters().values()]).grads;
    };
    const [together, first, second] = [both, ...singles].map(gradientsOf);
    for (const [key, { name }] of bridge.parameters()) {
      const sum = tf.add(first?.[name] as tf.Tensor, second?.[name] as tf.Tensor);
      const joint = together?.[name]?.dataSync() ?? [];
      const { relativeL2, maxAbsolute } = compare(joint, sum.dataSync(), { atol: 0 });
      // The keys' shift in the spatial attention moves nothing: its gradient is rounding.
      expect(Math.min(relativeL2, maxAbsolute), key).toBeLessThan(1e-4);
    }
  });

  test('instance norm keeps the samples apart in training too', () => {
    const bridge = shaken({ normalisation: 'instance' });
    const both = skipsOf(2, [5, 6, 3]);
    const apart = [0, 1].map((n) =>
      connect(
        bridge,
        both.map((skip) => tf.slice(skip, [n], [1])),
        training(1, 0),
      ),
    );
    const joined = channels.map((_, scale) => tf.concat(apart.map((skips) => skips[scale] as tf.Tensor)));
    expectNear(connect(bridge, both, training(1, 0)), joined);
  });

  test('training moves the running statistics, evaluation uses them', () => {
    const bridge = shaken();
    const skips = skipsOf(2, [5, 6, 3]);
    const statistics = () =>
      [...bridge.state()].filter(([name]) => name.includes('running')).map(([, value]) => tf.clone(value));
    const before = statistics();
    const evaluated = connect(bridge, skips, evaluation());
    expectNear(statistics(), before, 0);
    connect(bridge, skips, training(1, 0));
    expect(before.length).toBe(4);
    expectDifferent(statistics(), before);
    expectDifferent(connect(bridge, skips, evaluation()), evaluated);
  });
});

describe('gradients', () => {
  test.each([
    ['of images and all parameters', {}, [5, 6], /./],
    [
      'of volumes, two blocks, a grid that divides nothing',
      { blocks: 2, grid: [2, 2, 1] },
      [5, 3, 4],
      /\.1\.query/,
    ],
    ['with the norm after the attention', { postNormalisation: true, channelHeads: 2 }, [4, 4, 2], /postN/],
  ] as const)('%s, by finite differences', (_, options, sides, chosen) => {
    const bridge = lifted(shaken(options));
    const skips = skipsOf(2, sides);
    const flat = (at: tf.Tensor[]) =>
      tf.concat(connect(bridge, at, evaluation()).map((skip) => tf.reshape(skip, [-1])));
    expect(gradientError((...at) => flat(at), skips)).toBeLessThan(2e-3);
    const parameters = [...bridge.parameters()].filter(([name]) => chosen.test(name));
    expect(parameters.length).toBeGreaterThan(3);
    for (const [name, variable] of parameters)
      expect(
        parameterError(variable, () => flat(skips)),
        name,
      ).toBeLessThan(2e-2);
  });
});

/** As `gradientError` of @bipvl/nn, for a variable that `f` reads. */
function parameterError(variable: tf.Variable, f: () => tf.Tensor): number {
  return tf.tidy(() => {
    const weights = tf.randomUniform(f().shape, -1, 1, 'float32', 77);
    const weighted = () => tf.sum(tf.mul(f(), weights)) as tf.Scalar;
    const { grads } = tf.variableGrads(weighted, [variable]);
    const direction = tf.randomUniform(variable.shape, -1, 1, 'float32', 78);
    const along = tf.sum(tf.mul(grads[variable.name] as tf.Tensor, direction)).dataSync()[0] as number;
    const start = tf.clone(variable);
    const at = (step: number) => {
      variable.assign(tf.add(start, tf.mul(direction, step)));
      const [values, each] = [f().dataSync<'float32'>(), weights.dataSync()];
      return values.reduce((sum, value, i) => sum + value * (each[i] as number), 0);
    };
    const difference = (at(5e-3) - at(-5e-3)) / 1e-2;
    variable.assign(start);
    return Math.abs(along - difference) / Math.max(0.2, Math.abs(along), Math.abs(difference));
  });
}

describe('memory', () => {
  test('of the scores is four bytes for each pair of positions, head and skip', () => {
    expect(build({}, [32, 64, 128, 256]).attentionBytes(2, [28, 28])).toBe(4 * 4 * 784 ** 2 * 4 * 2);
    expect(build({ grid: [2, 3, 4], spatialHeads: [1, 2] }).attentionBytes(1, [9, 9, 9])).toBe(
      3 * 24 ** 2 * 4,
    );
  });
});

describe('the published names', () => {
  test('turn into ours and back', () => {
    const bridge = shaken({ blocks: 2 });
    const table = atesDcaTable(channels.length);
    const published = unmapState(bridge.state(), table);
    expect(published.get('attention.1.s_attention.0.q_map.proj.depthwise.weight')?.shape).toEqual([
      12, 1, 1, 1,
    ]);
    expect(published.get('upconvs.1.conv.conv.weight')?.shape).toEqual([8, 8, 1, 1]);
    published.set('bn_relu.0.0.num_batches_tracked', tf.scalar(3, 'int32'));
    const back = mapState(published, table, bridge.state());
    for (const [name, value] of bridge.state()) expectNear([back.get(name) as tf.Tensor], [value], 0);
  });

  test('load into the bridge of a network under its prefix', () => {
    class Host extends Module {
      readonly bridge = build();
    }
    const [host, table] = [new Host(), atesDcaTable(channels.length, 'bridge.')];
    expect(() => mapState(unmapState(host.state(), table), table, host.state())).not.toThrow();
  });
});

describe('what does not fit', () => {
  test.each<[string, DcaOptions, string]>([
    ['heads for another number of skips', { spatialHeads: [4] }, 'backbone-options'],
    ['no block', { blocks: 0 }, 'backbone-options'],
    ['heads that do not divide', { channelHeads: 3 }, 'heads-do-not-divide'],
    ['a grid of nothing', { grid: [0, 4] }, 'bridge-options'],
    ['groups that do not divide', { normalisation: { groups: 3 } }, 'groups-do-not-divide'],
  ])('%s is refused', (_, options, code) => {
    expect(() => build(options)).toThrow(expect.objectContaining({ code, kind: 'usage' }));
  });

  test('other channels, other skips and no images are refused', () => {
    const refused = expect.objectContaining({ code: 'wrong-channels', kind: 'usage' });
    const [fine, coarse] = skipsOf(1, [4, 4, 4]) as [tf.Tensor, tf.Tensor];
    for (const skips of [[fine], [coarse, fine], [], [tf.zeros([4, 4]), tf.zeros([4, 8])]])
      expect(() => connect(build(), skips, evaluation())).toThrow(refused);
    expect(() => connect(new NormalisedSkips({}, channels), [fine], evaluation())).toThrow(refused);
  });

  test('a grid of other axes, or finer than a skip, is refused, and no tensor is left', () => {
    const skips = skipsOf(1, [4, 4, 4]);
    const bridges = [build({ grid: [2, 2] }), build({ grid: [2, 3, 2] })];
    const before = tf.memory().numTensors;
    for (const [index, code] of ['bridge-options', 'illegal-size'].entries())
      expect(() => connect(bridges[index] as DualCrossAttention, skips, evaluation())).toThrow(
        expect.objectContaining({ code }),
      );
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(2);
  });
});
