import { loadEngine } from '@bipvl/engine';
import { BlankStream, convolve, evaluation, mapState, RandomStream, resize, unmapState } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type BackboneCase,
  describeBackbone,
  describeBatches,
  describeSizes,
  expectSame,
} from '../backbone-case.test-support.js';
import { type STUNetSize, stuNetSettings } from '../blocks/stunet-settings.js';
import { stuNetTable } from '../checkpoints/stunet.js';
import { createBackbone } from '../registry.js';
import { createSTUNet, type STUNetOptions } from './stunet.js';

beforeAll(async () => {
  await loadEngine();
});

const small: STUNetOptions = {
  inputChannels: 2,
  outputChannels: 3,
  channels: [2, 3, 4, 5, 6, 6],
  depths: 1,
  strides: [1, 2, 2, 1, 2, [2, 1, 1]],
};
const build = (options: STUNetOptions) => createSTUNet(options, new RandomStream(1));

/** A form of `small` on an image of 16 x 8 x 16 voxels. */
function form(changes: Partial<STUNetOptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [16, 8, 16],
    auxiliary: [
      [8, 4, 8],
      [4, 2, 4],
      [4, 2, 4],
      [2, 1, 2],
    ],
    sites: [
      [4, [4, 2, 4]],
      [5, [4, 2, 4]],
      [6, [2, 1, 2]],
      [6, [1, 1, 2]],
    ],
    // A bias before a normalisation moves nothing: its gradient is rounding.
    withoutEffect: (name) => name.endsWith('convolution.bias'),
    ...promises,
  };
}

describeBackbone('stunet', form({}));
describeBackbone(
  'other depths a stage, no deep supervision, biases where nothing normalises',
  form(
    { depths: [2, 1, 1, 1, 1, 3], deepSupervision: false, bias: 'unnormalised' },
    { auxiliary: [], withoutEffect: () => false },
  ),
);
describeBackbone(
  'on odd sides and sides of one voxel, with fewer strides than stages and no bias',
  form(
    { strides: [1, [1, 1, 2], [3, 1, 2]], bias: false },
    {
      sides: [3, 1, 20],
      auxiliary: [
        [3, 1, 10],
        [1, 1, 5],
        [1, 1, 5],
        [1, 1, 5],
      ],
      sites: [4, 5, 6, 6].map((channels) => [channels, [1, 1, 5]] as const),
    },
  ),
);
describeBatches(form({ bias: 'unnormalised' }, { withoutEffect: () => false }));

describe('sizes', () => {
  describeSizes(
    'STU-Net',
    form({ strides: [1, [1, 2, 2], 2, [1, 3, 2]] }),
    [2, 12, 8],
    [
      [
        [3, 6, 12],
        [4, 12, 16],
      ],
      [
        [1, 1, 1],
        [2, 12, 8],
      ],
    ],
  );

  test('that leave the bottleneck one voxel are refused, as PyTorch does', () => {
    const network = build({ ...small, strides: 2 });
    const fault = expect.objectContaining({
      code: 'illegal-size',
      kind: 'usage',
      message:
        'STU-Net with instance norm expects more than one voxel at its bottleneck, received sides [32,32,32]',
      hint: 'use a patch of [64,32,32] voxels or more',
    });
    expect(() => network.forward(tf.zeros([1, 32, 32, 32, 2]), evaluation())).toThrow(fault);
    expect(network.encoder.bottleneckExtent([64, 64, 32])).toEqual([2, 2, 1]);
    network.dispose();
  });

  test('of a patch of 96 voxels are those of the published network', () => {
    const network = build({ ...small, channels: [1, 1, 1, 2, 2, 2], strides: 2, inputChannels: 1 });
    tf.tidy(() => {
      const x = tf.zeros([1, 96, 96, 96, 1]);
      const { logits, auxiliary } = network.forward(x, evaluation());
      expect([logits, ...auxiliary].map(({ shape }) => shape[1])).toEqual([96, 48, 24, 12, 6]);
    });
    expect(network.encoder.sites.map((site) => site.extent([96, 96, 96])[0])).toEqual([24, 12, 6, 3]);
    network.dispose();
  });
});

describe('the number of parameters', () => {
  const count = (options: STUNetOptions) => {
    const network = createSTUNet(options, new BlankStream());
    const { encoder } = network;
    const encoderCount = [...encoder.parameters().values()].reduce((sum, { size }) => sum + size, 0);
    const counts = { whole: network.parameterCount(), encoder: encoderCount };
    network.dispose();
    return counts;
  };
  const published = { inputChannels: 1, outputChannels: 105 } as const;

  test('of S is the published one', () => {
    expect(count({ ...published, size: 'S' })).toEqual({ whole: 14_596_941, encoder: 7_185_744 });
    // The same of 14 classes, and of B, by PyTorch on the release.
    expect(count({ ...published, size: 'S', outputChannels: 14 }).whole).toBe(14_551_350);
    expect(count({ ...published, size: 'B', outputChannels: 14 }).whole).toBe(58_171_942);
  });

  /** The count is a polynomial of the second degree in the width, so that three narrow networks give that of any width. */
  test.each<[STUNetSize, number, number, number, number]>([
    ['B', 32, 1, 58_262_669, 28_731_552],
    ['L', 64, 2, 440_302_605, 246_968_256],
    ['H', 96, 3, 1_457_326_221, 852_780_384],
  ])('of %s, of width %d and depth %d, is the published one', (_, width, depths, whole, encoder) => {
    const narrow = [1, 2, 3].map((factor) =>
      count({ ...published, depths, channels: [1, 2, 4, 8, 16, 16].map((channels) => factor * channels) }),
    );
    const at = (part: 'whole' | 'encoder') => {
      const [a, b, c] = narrow.map((counts) => counts[part]) as [number, number, number];
      const second = (c - 2 * b + a) / 2;
      return a + (width - 1) * (b - a) + (width - 1) * (width - 2) * second;
    };
    expect({ whole: at('whole'), encoder: at('encoder') }).toEqual({ whole, encoder });
  });

  test.each(['S', 'B', 'L', 'H'] as const)('a network of size %s has its widths and depths', (size) => {
    // Built as narrow as it goes: a whole H takes 6 GB.
    const [width, depth] = { S: [16, 1], B: [32, 1], L: [64, 2], H: [96, 3] }[size] as [number, number];
    const named = createBackbone(
      'stunet',
      { ...published, size, channels: [1, 1, 1, 1, 1, 1] },
      new BlankStream(),
    );
    const blocks = [...named.state().keys()].filter((name) => name.endsWith('first.convolution.weight'));
    expect(blocks).toHaveLength(11 * depth);
    expect(stuNetSettings({ size }).channels).toEqual([1, 2, 4, 8, 16, 16].map((factor) => factor * width));
    named.dispose();
  });
});

describe('the options', () => {
  test('repeating voxels and mapping channels commute, so that the cheaper order is the published one', () => {
    const x = tf.randomUniform([1, 2, 3, 1, 4], -1, 1, 'float32', 1) as tf.Tensor5D;
    const filter = tf.randomUniform([1, 1, 1, 4, 3], -1, 1, 'float32', 2) as tf.Tensor5D;
    const map = (features: tf.Tensor5D) => convolve(features, filter, [1, 1, 1], [0, 0, 0]);
    expectSame(resize(map(x), [4, 6, 3], 'nearest'), map(resize(x, [4, 6, 3], 'nearest')), 1e-6);
  });

  test('strides of an nnU-Net plan are cut to six stages or filled up with 1', () => {
    const factorsOf = (strides: STUNetOptions['strides']) => {
      const network = build({ ...small, ...(strides ? { strides } : {}) });
      const extent = network.encoder.bottleneckExtent([64, 64, 64]);
      network.dispose();
      return extent;
    };
    expect(factorsOf([1, 2, 2])).toEqual([16, 16, 16]);
    expect(factorsOf([1, 2, 2, 2, 2, [1, 1, 2], 2])).toEqual([4, 4, 2]);
    expect(factorsOf(2)).toEqual([2, 2, 2]);
  });

  test.each<[string, Partial<STUNetOptions>, string]>([
    ['channels of another number of stages', { channels: [4, 8] }, 'expects 6 channels, received 2'],
    ['depths of another length', { depths: [1, 2] }, 'expects 6 depths, received 2'],
    ['no block', { depths: 0 }, 'whole numbers above 0 as depths'],
    ['a stride into the first stage', { strides: [2, 2] }, 'expects a stride of 1 into its first stage'],
  ])('%s is refused', (_, changes, message) => {
    const fault = { code: 'backbone-options', kind: 'usage', message: expect.stringContaining(message) };
    expect(() => build({ ...small, ...changes })).toThrow(expect.objectContaining(fault));
  });
});

test('weights go out under the published names and come back the same', () => {
  const network = build(small);
  const published = unmapState(network.state(), stuNetTable());
  expect(published.get('conv_blocks_context.2.0.conv1.weight')?.shape).toEqual([4, 3, 3, 3, 3]);
  expect(published.get('seg_outputs.4.weight')?.shape).toEqual([3, 2, 1, 1, 1]);
  const back = mapState(published, stuNetTable(), network.state());
  for (const [name, variable] of network.state()) expectSame(back.get(name) as tf.Tensor, variable, 0);
  network.dispose();
});

test('the registry builds it by name', () => {
  const byName = createBackbone('stunet', small, new RandomStream(1));
  const x = tf.randomUniform([1, 16, 8, 16, 2], -1, 1, 'float32', 5);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
  byName.dispose();
});
