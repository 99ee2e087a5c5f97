import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type BackboneCase,
  describeBackbone,
  describeSizes,
  expectSame,
} from '../backbone-case.test-support.js';
import { createBackbone } from '../registry.js';
import { createMedNeXt, type MedNeXtOptions } from './mednext.js';

beforeAll(async () => {
  await loadEngine();
});

/** Three stages above the bottleneck. */
const small: MedNeXtOptions = {
  inputChannels: 2,
  outputChannels: 3,
  filters: 2,
  blocksDown: [1, 2, 1, 1],
  expansionsDown: [2, 3, 1, 2],
};
const build = (options: MedNeXtOptions) => createMedNeXt(options, new RandomStream(1));

/** A form of `small` on an image of 16 x 8 x 16 voxels. */
function form(changes: Partial<MedNeXtOptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [16, 8, 16],
    auxiliary: [],
    sites: [
      [2, [16, 8, 16]],
      [4, [8, 4, 8]],
      [8, [4, 2, 4]],
      [16, [2, 1, 2]],
    ],
    // A bias before a normalisation moves nothing: its gradient is rounding.
    withoutEffect: (name) => name.endsWith('depthwise.bias'),
    ...promises,
  };
}

describeBackbone('mednext', form({}));
describeBackbone(
  'with kernels of 5, deep supervision, other blocks up than down and nothing added',
  form(
    { kernel: 5, deepSupervision: true, residual: false, blocksUp: [1, 2, 1], expansionsUp: 3 },
    {
      auxiliary: [
        [8, 4, 8],
        [4, 2, 4],
        [2, 1, 2],
      ],
    },
  ),
);
describeBackbone(
  'of the five stages of the paper meets at the four deepest',
  form(
    { blocksDown: 1, expansionsDown: 1 },
    {
      sides: [32, 16, 16],
      sites: [
        [4, [16, 8, 8]],
        [8, [8, 4, 4]],
        [16, [4, 2, 2]],
        [32, [2, 1, 1]],
      ],
    },
  ),
);

describe('sizes', () => {
  describeSizes(
    'MedNeXt',
    form({}),
    [8, 8, 8],
    [
      [
        [20, 8, 8],
        [24, 8, 8],
      ],
      [
        [17, 9, 1],
        [16, 8, 8],
      ],
    ],
  );
});

describe('the number of parameters', () => {
  // PyTorch 2.15 and MONAI 1.6.1: sum(p.numel() for p in create_mednext(size, in_channels=1, out_channels=2,
  // kernel_size=kernel).parameters()); the last two with 4 channels in, 3 out and deep_supervision=True.
  test.each([
    ['S', 3, 5_550_914],
    ['S', 5, 5_980_546],
    ['B', 3, 10_510_850],
    ['B', 5, 10_940_482],
    ['M', 3, 17_533_506],
    ['M', 5, 18_245_378],
    ['L', 3, 61_726_754],
    ['L', 5, 62_940_386],
  ] as const)(
    'of size %s with kernels of %i',
    (size, kernel, count) => {
      const network = build({ inputChannels: 1, outputChannels: 2, size, kernel });
      expect(network.parameterCount()).toBe(count);
      network.dispose();
    },
    30_000,
  );

  test.each([
    ['S', 3, 5_553_935],
    ['M', 5, 18_248_399],
  ] as const)(
    'of size %s with kernels of %i and deep supervision',
    (size, kernel, count) => {
      const network = build({ inputChannels: 4, outputChannels: 3, size, kernel, deepSupervision: true });
      expect(network.parameterCount()).toBe(count);
      network.dispose();
    },
    30_000,
  );
});

describe('the options', () => {
  test('the decoder mirrors the encoder where nothing is said', () => {
    const names = [...build(small).state().keys()];
    const blocks = (prefix: string) =>
      names.filter((name) => name.startsWith(prefix) && name.endsWith('expand.weight'));
    expect(blocks('decoder.levels.1.blocks')).toEqual(
      blocks('encoder.stages.1.blocks').map((name) => name.replace('encoder.stages', 'decoder.levels')),
    );
    expect(build(small).state().get('decoder.levels.1.upsample.expand.weight')?.shape).toEqual([
      1, 1, 1, 8, 24,
    ]);
  });

  test('what doubles the sides is zero at the near ends before the skip is added', () => {
    const network = build({ ...small, blocksDown: [1, 1], expansionsDown: 1, residual: true });
    const { pyramid } = network.encoder.encode(
      tf.randomUniform([1, 8, 4, 4, 2], -1, 1, 'float32', 5),
      evaluation(),
      {},
    );
    const skip = tf.zerosLike(pyramid.skips[0] as tf.Tensor);
    for (const name of [
      'depthwise.bias',
      'expand.bias',
      'contract.bias',
      'depthwise.weight',
      'contract.weight',
    ])
      network
        .state()
        .get(`decoder.levels.0.blocks.0.${name}`)
        ?.assign(tf.zerosLike(network.state().get(`decoder.levels.0.blocks.0.${name}`) as tf.Tensor));
    const [level] = network.decoder.decode({ ...pyramid, skips: [skip] }, evaluation()).levels as [tf.Tensor];
    for (const [from, size] of [
      [
        [0, 0, 0, 0, 0],
        [1, 1, -1, -1, -1],
      ],
      [
        [0, 0, 0, 0, 0],
        [1, -1, 1, -1, -1],
      ],
      [
        [0, 0, 0, 0, 0],
        [1, -1, -1, 1, -1],
      ],
    ] as const)
      expect(Math.max(...tf.abs(tf.slice(level, [...from], [...size])).dataSync())).toBe(0);
    expect(
      Math.min(...tf.abs(tf.slice(level, [0, 1, 1, 1, 0], [1, -1, -1, -1, -1])).dataSync()),
    ).toBeGreaterThan(0);
  });

  test.each<[string, Partial<MedNeXtOptions>, string]>([
    ['an even kernel', { kernel: 4 }, 'kernels of odd sides'],
    ['one stage', { blocksDown: [1] }, 'expects 2 blocksDown, received 1'],
    ['expansions of another length', { expansionsDown: [2, 2] }, 'expects 4 expansionsDown, received 2'],
    ['a decoder level too many', { blocksUp: [1, 1, 1, 1] }, 'expects 3 blocksUp, received 4'],
    ['no block', { blocksDown: [1, 0, 1, 1] }, 'whole numbers above 0 as blocksDown'],
  ])('%s is refused', (_, changes, message) => {
    const fault = { code: 'backbone-options', kind: 'usage', message: expect.stringContaining(message) };
    expect(() => build({ ...small, ...changes })).toThrow(expect.objectContaining(fault));
  });
});

test('the registry builds it by name', () => {
  const byName = createBackbone('mednext', small, new RandomStream(1));
  const x = tf.randomUniform([1, 16, 8, 8, 2], -1, 1, 'float32', 5);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
});
