import { loadEngine } from '@bipvl/engine';
import { BlankStream, evaluation, RandomStream, type Triple, variableGradients } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type BackboneCase,
  describeBackbone,
  describeSizes,
  expectSame,
  imageOf,
  shake,
} from '../backbone-case.test-support.js';
import type { MedFormerOptions } from '../blocks/medformer-settings.js';
import { createBackbone } from '../registry.js';
import { createMedFormer } from './medformer.js';

beforeAll(async () => {
  await loadEngine();
});

const small: MedFormerOptions = {
  inputChannels: 2,
  outputChannels: 3,
  channels: [4, 4, 6, 8, 10],
  mapSides: [2, 2, 1],
  blocksDown: [1, 1, 0, 0],
  blocksUp: [0, 1, 1, 1],
  attentionDown: [1, 2, 1],
  headsDown: [2, 4, 5],
  attentionUp: [1, 2],
  headsUp: [4, 3],
  fusionWidth: 8,
  fusionHeads: 2,
};
/** Of these weights: so narrow an excitation has all its rectifiers shut with many others, and then no gradient. */
const build = (options: MedFormerOptions) => createMedFormer(options, new RandomStream(4));

/** Moves all tokens of a map alike, which a normalisation over its tokens takes away. */
const lastShiftOfTokens = (name: string) => name === 'encoder.maps.blocks.1.mlp.contract.bias';

/** A form of `small` on an image of 32 x 16 x 32 voxels. */
function form(changes: Partial<MedFormerOptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [32, 16, 32],
    auxiliary: [[32, 16, 32]],
    sites: [
      [6, [8, 4, 8]],
      [8, [4, 2, 4]],
      [10, [2, 1, 2]],
      [8, [12]],
    ],
    withoutEffect: lastShiftOfTokens,
    ...promises,
  };
}

describeBackbone('medformer', form({}));
describeBackbone(
  'with layer norm, GELU, linear projections and flat voxels, without deep supervision',
  form(
    {
      normalisation: 'layer',
      activation: 'gelu',
      projection: 'linear',
      kernels: [[1, 3, 3], [1, 3, 3], 3, 3, 3],
      strides: [1, [1, 2, 2], [1, 2, 2], 2, 2],
      deepSupervision: false,
      expansion: 2,
    },
    {
      sides: [4, 16, 32],
      auxiliary: [],
      sites: [
        [6, [4, 4, 8]],
        [8, [2, 2, 4]],
        [10, [1, 1, 2]],
        [8, [12]],
      ],
      withoutEffect: () => false,
    },
  ),
);
describeBackbone(
  'with batch norm, swish and heads that do not divide the channels',
  form(
    { normalisation: 'batch', activation: 'swish', unevenHeads: true, headsDown: [4, 3, 3], fusionDepth: 1 },
    {
      // A shift of all voxels alike, which the next normalisation takes away.
      withoutEffect: (name) =>
        name.endsWith('mlp.contract.bias') || name.endsWith('feedForward.project.normalisation.shift'),
    },
  ),
);

test('a batch of two has the gradients of two single runs', () => {
  // Smooth, so that no rectifier takes the other slope by rounding.
  const smooth = { normalisation: 'layer', activation: 'gelu', deepSupervision: false } as const;
  const network = build({ ...small, ...smooth });
  const x = imageOf(form({}), 2);
  const parameters = network.parameters();
  const gradientsOf = (image: tf.Tensor) => {
    const objective = () => tf.sum(tf.square(network.forward(image, evaluation()).logits)) as tf.Scalar;
    return variableGradients(objective, parameters).gradients;
  };
  const together = gradientsOf(x);
  const singles = tf.split(x, 2).map(gradientsOf);
  expect([...together.keys()]).toEqual([...parameters.keys()]);
  for (const [name, both] of together) {
    const apart = tf.addN(singles.map((gradients) => gradients.get(name) as tf.Tensor));
    const size = 1 + (tf.max(tf.abs(both)).dataSync()[0] as number);
    expectSame(tf.div(both, size), tf.div(apart, size), 1e-4);
  }
  network.dispose();
});

describe('sizes', () => {
  describeSizes(
    'MedFormer',
    form({}),
    [16, 16, 16],
    [
      [
        [96, 90, 80],
        [96, 96, 80],
      ],
      [
        [1, 33, 50],
        [16, 32, 48],
      ],
    ],
  );
  describeSizes(
    'MedFormer',
    form({ strides: [1, [1, 2, 2], [1, 2, 2], 2, 2] }),
    [4, 16, 16],
    [
      [
        [30, 128, 128],
        [32, 128, 128],
      ],
    ],
  );

  test('that leave instance norm one voxel are refused, and not to layer norm', () => {
    const network = build(small);
    const fault = expect.objectContaining({
      code: 'illegal-size',
      hint: expect.stringContaining('[32,16,16]'),
    });
    expect(() => network.forward(tf.zeros([1, 16, 16, 16, 2]), evaluation())).toThrow(fault);
    expect(() => network.encoder.sites[3]?.extent([16, 16, 16])).toThrow(fault);
    const other = build({ ...small, normalisation: 'layer' });
    const { logits } = other.forward(tf.ones([1, 16, 16, 16, 2]), evaluation());
    expect(logits.shape).toEqual([1, 16, 16, 16, 3]);
    expect([...logits.dataSync()].every(Number.isFinite)).toBe(true);
    for (const each of [network, other]) each.dispose();
  });
});

describe('the shapes of a patch of 96 voxels a side', () => {
  test('are those of the published network', () => {
    const network = build({ ...small, inputChannels: 1, mapSides: [4, 4, 4] });
    const x = tf.randomUniform([1, 96, 96, 96, 1], -1, 1, 'float32', 1);
    tf.tidy(() => {
      const { pyramid } = network.encoder.encode(x, evaluation(), {});
      const cube = (side: number, channels: number) => [1, side, side, side, channels];
      expect(pyramid.skips.map(({ shape }) => shape)).toEqual([
        cube(96, 4),
        cube(48, 4),
        cube(24, 6),
        cube(12, 8),
      ]);
      expect(pyramid.bottleneck.shape).toEqual(cube(6, 10));
      expect(Object.entries(pyramid.extra).map(([name, { shape }]) => [name, shape])).toEqual([
        ['map 2', [1, 64, 1, 1, 6]],
        ['map 3', [1, 64, 1, 1, 8]],
        ['map 4', [1, 64, 1, 1, 10]],
      ]);
      const { levels } = network.decoder.decode(pyramid, evaluation());
      expect(levels.map(({ shape }) => shape)).toEqual([cube(12, 8), cube(24, 6), cube(48, 4), cube(96, 4)]);
    });
    network.dispose();
  });

  test('at the published widths have sites of 128, 256 and 320 channels, and 192 tokens of 320', () => {
    const network = createMedFormer({ inputChannels: 1, outputChannels: 16 }, new BlankStream());
    const { sites } = network.encoder;
    expect(sites.map(({ kind, channels, extent }) => [kind, extent([96, 96, 96]), channels])).toEqual([
      ['grid', [24, 24, 24], 128],
      ['grid', [12, 12, 12], 256],
      ['grid', [6, 6, 6], 320],
      ['tokens', [192], 320],
    ]);
    network.dispose();
  });
});

describe('the number of parameters', () => {
  // The specification's, counted from the release's modules.
  test.each([
    ['amos', 16, 39_594_048],
    ['kits', 3, 38_586_118],
    ['lits', 3, 38_585_731],
    ['bcv', 14, 36_669_180],
    ['acdc', 4, 21_826_408],
  ] as const)('of layout %s', (layout, outputChannels, count) => {
    const network = createMedFormer({ inputChannels: 1, outputChannels, layout }, new BlankStream());
    expect(network.parameterCount()).toBe(count);
    network.dispose();
  });

  test('of layout amos, part by part', () => {
    const network = createMedFormer({ inputChannels: 1, outputChannels: 16 }, new BlankStream());
    const count = (prefix: string) =>
      [...network.parameters()]
        .filter(([name]) => name.startsWith(prefix))
        .reduce((sum, [, { size }]) => sum + size, 0);
    const parts = {
      'encoder.stem': 56_160,
      'encoder.fine': 465_664,
      'encoder.coarse.0': 2_009_472,
      'encoder.coarse.1': 8_439_808,
      'encoder.coarse.2': 17_865_856,
      'encoder.maps': 1_683_840,
      'decoder.coarse.0': 6_405_568,
      'decoder.coarse.1': 1_420_928,
      'decoder.fine.0': 995_328,
      'decoder.fine.1': 248_832,
      'head.auxiliary': 2064,
      'head.convolution': 528,
    };
    expect(Object.keys(parts).map(count)).toEqual(Object.values(parts));
    network.dispose();
  });
});

describe('the semantic maps', () => {
  test('what meets the joined tokens reaches the logits, and neither skips nor bottleneck', () => {
    const network = build(small);
    shake(network);
    const x = imageOf(form({}), 1);
    const plain = network.encoder.encode(x, evaluation(), {}).pyramid;
    const { pyramid } = network.encoder.encode(x, evaluation(), {}, (site, features, state) => ({
      features: site === 3 ? tf.mul(features, -1) : features,
      state,
    }));
    for (const [index, skip] of pyramid.skips.entries()) expectSame(skip, plain.skips[index] as tf.Tensor, 0);
    expectSame(pyramid.bottleneck, plain.bottleneck, 0);
    const [changed, before] = [pyramid, plain].map((each) => network.finish(each, evaluation()).logits);
    const difference = tf.max(tf.abs(tf.sub(changed as tf.Tensor, before as tf.Tensor))).dataSync()[0];
    expect(difference).toBeGreaterThan(1e-3);
    network.dispose();
  });
});

describe('the options', () => {
  const flat: Triple = [1, 1, 1];
  test.each<[string, Partial<MedFormerOptions>, string, string]>([
    [
      'four levels',
      { channels: [4, 4, 6, 8] },
      'channels of 5 levels, received [4,4,6,8]',
      'four levels below',
    ],
    ['a width of nothing', { channels: [4, 4, 0, 8, 8] }, 'whole numbers above 0 as channels', ''],
    ['a stride of 3', { strides: [1, 2, [1, 3, 2], 2, 2] }, 'strides of 1 or 2, received [1,3,2]', '[1,2,2]'],
    ['an even kernel', { kernels: 4 }, 'kernels of odd sides', ''],
    ['a level without residual blocks', { blocksUp: [0, 0, 0, 1] }, 'blocksUp of the two finest', ''],
    ['residual blocks of three levels', { blocksDown: [1, 1, 1] }, 'expects 4 blocksDown, received 3', ''],
    ['no attention', { attentionUp: [1, 0] }, 'whole numbers above 0 as attentionUp', ''],
    ['a map of one token', { mapSides: flat }, 'maps of two tokens or more', "normalisation 'layer'"],
    ['no expansion', { expansion: 0 }, 'whole numbers above 0 as expansion', ''],
  ])('%s is refused', (_, changes, message, hint) => {
    const fault = {
      code: 'backbone-options',
      kind: 'usage',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    };
    expect(() => build({ ...small, ...changes })).toThrow(expect.objectContaining(fault));
  });

  test('heads that do not divide the channels are refused with the nearest that do, unless asked for', () => {
    const uneven = { ...small, headsDown: [2, 3, 5] };
    expect(() => build(uneven)).toThrow(
      expect.objectContaining({
        code: 'heads-do-not-divide',
        message: "MedFormer's level of 8 channels is no multiple of its 3 heads",
        hint: expect.stringMatching(/use [24] heads, or 9 channels/),
      }),
    );
    const network = build({ ...uneven, unevenHeads: true });
    // Three heads of two channels each, of queries and of values.
    expect(network.state().get('encoder.coarse.1.attentionBlocks.0.attention.fromMap.weight')?.shape).toEqual(
      [1, 1, 1, 8, 12],
    );
    network.dispose();
    expect(() => build({ ...small, fusionHeads: 3 })).toThrow(
      expect.objectContaining({ code: 'heads-do-not-divide' }),
    );
  });
});

test('the registry builds it by name', () => {
  const byName = createBackbone('medformer', small, new RandomStream(4));
  const x = imageOf(form({}), 1);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
});
