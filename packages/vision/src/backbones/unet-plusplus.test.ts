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
import { createUNetPlusPlus, type UNetPlusPlusOptions } from './unet-plusplus.js';

beforeAll(async () => {
  await loadEngine();
});

const small: UNetPlusPlusOptions = {
  inputChannels: 2,
  outputChannels: 3,
  channels: [4, 5, 6, 7],
  lastChannels: 3,
};
const build = (options: UNetPlusPlusOptions) => createUNetPlusPlus(options, new RandomStream(1));

/** A form of `small` on an image of 16 x 8 x 16 voxels. */
function form(changes: Partial<UNetPlusPlusOptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [16, 8, 16],
    auxiliary: [],
    sites: [
      [4, [16, 8, 16]],
      [5, [8, 4, 8]],
      [6, [4, 2, 4]],
      [7, [2, 1, 2]],
    ],
    // A bias before a normalisation moves nothing: its gradient is rounding.
    withoutEffect: (name) => name.endsWith('convolution.bias'),
    ...promises,
  };
}

describeBackbone('unet-plusplus', form({}));
describeBackbone(
  'with deep supervision, batch norm, biases where nothing normalises',
  form(
    { deepSupervision: true, normalisation: 'batch', bias: 'unnormalised', activation: { leakyRelu: 0.01 } },
    {
      auxiliary: [
        [16, 8, 16],
        [16, 8, 16],
      ],
      withoutEffect: () => false,
    },
  ),
);
describeBackbone(
  'of the five stages that MONAI has meets at the four deepest, half the sides and on',
  form(
    { channels: [2, 3, 4, 5, 6] },
    {
      sides: [32, 16, 16],
      sites: [
        [3, [16, 8, 8]],
        [4, [8, 4, 4]],
        [5, [4, 2, 2]],
        [6, [2, 1, 1]],
      ],
    },
  ),
);

describe('sizes', () => {
  describeSizes(
    'UNet++',
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

  test('of the published sites at 96', () => {
    const { encoder } = createUNetPlusPlus({ inputChannels: 1, outputChannels: 2 }, new RandomStream(1));
    expect(encoder.sites.map(({ channels, extent }) => [channels, ...extent([96, 96, 96])])).toEqual([
      [32, 48, 48, 48],
      [64, 24, 24, 24],
      [128, 12, 12, 12],
      [256, 6, 6, 6],
    ]);
    expect(encoder.bottleneckExtent([96, 96, 96])).toEqual([6, 6, 6]);
  });
});

describe('the number of parameters', () => {
  // PyTorch 2.15 and MONAI 1.6.1: sum(p.numel() for p in BasicUNetPlusPlus(in_channels, out_channels, features,
  // deep_supervision).parameters()); without deep supervision MONAI counts heads that it does not run.
  const idle = 3 * (32 * 2 + 2);
  test.each([
    [1, 2, {}, 6_979_976 - idle],
    [4, 3, { channels: [64, 64, 128, 256, 512], lastChannels: 64, deepSupervision: true }, 27_910_220],
  ] as const)(
    'of the published network, %i channels in and %i out',
    (inputChannels, outputChannels, changes, count) => {
      const network = build({ inputChannels, outputChannels, ...changes });
      expect(network.parameterCount()).toBe(count);
      network.dispose();
    },
    20_000,
  );
});

describe('the options', () => {
  test('deep supervision: the logits of the nodes of full size, from the last to the first', () => {
    const network = build({ ...small, deepSupervision: true });
    const x = tf.randomUniform([1, 8, 8, 8, 2], -1, 1, 'float32', 5);
    const { pyramid } = network.encoder.encode(x, evaluation(), {});
    const { levels } = network.decoder.decode(pyramid, evaluation());
    expect(levels.map(({ shape }) => shape.at(-1))).toEqual([4, 4, 3]);
    const state = network.state();
    const byHand = levels.toReversed().map((level, index) => {
      const width = level.shape.at(-1) as number;
      const weight = tf.reshape(state.get(`head.levels.${index}.weight`) as tf.Tensor, [width, 3]);
      const bias = state.get(`head.levels.${index}.bias`) as tf.Tensor;
      return tf.add(tf.matMul(tf.reshape(level, [-1, width]), weight), bias);
    });
    const { logits, auxiliary } = network.forward(x, evaluation());
    for (const [index, output] of [logits, ...auxiliary].entries())
      expectSame(tf.reshape(output, [-1, 3]), byHand[index] as tf.Tensor);
  });

  test('without deep supervision the further heads are kept for the checkpoint and not trained', () => {
    const network = build(small);
    const trained = new Set(network.parameters().keys());
    expect([...network.state().keys()].filter((name) => !trained.has(name))).toEqual([
      'head.levels.1.weight',
      'head.levels.1.bias',
      'head.levels.2.weight',
      'head.levels.2.bias',
    ]);
  });

  test('one stage is refused', () => {
    const fault = { code: 'backbone-options', message: expect.stringContaining('at least 2 stages') };
    expect(() => build({ ...small, channels: [4] })).toThrow(expect.objectContaining(fault));
  });
});

test('the registry builds it by name', () => {
  const byName = createBackbone('unet-plusplus', small, new RandomStream(1));
  const x = tf.randomUniform([1, 16, 8, 8, 2], -1, 1, 'float32', 5);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
});
