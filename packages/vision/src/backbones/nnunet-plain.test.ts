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
import { createNnUNetPlain, type NnUNetPlainOptions } from './nnunet-plain.js';

beforeAll(async () => {
  await loadEngine();
});

const small: NnUNetPlainOptions = { inputChannels: 2, outputChannels: 3, channels: [4, 6, 8, 10] };
const build = (options: NnUNetPlainOptions) => createNnUNetPlain(options, new RandomStream(1));

/** A form of `small` on an image of 16 x 8 x 8 voxels. */
function form(changes: Partial<NnUNetPlainOptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [16, 8, 16],
    auxiliary: [
      [8, 4, 8],
      [4, 2, 4],
    ],
    sites: [
      [4, [16, 8, 16]],
      [6, [8, 4, 8]],
      [8, [4, 2, 4]],
      [10, [2, 1, 2]],
    ],
    // A bias before a normalisation moves nothing: its gradient is rounding.
    withoutEffect: (name) => name.endsWith('convolution.bias'),
    ...promises,
  };
}

describeBackbone('nnunet-plain', form({}));
describeBackbone(
  'without deep supervision, batch norm, biases where nothing normalises',
  form(
    { deepSupervision: false, normalisation: 'batch', bias: 'unnormalised', activation: { leakyRelu: 0.1 } },
    { auxiliary: [], withoutEffect: () => false },
  ),
);
describeBackbone(
  'anisotropic, with other counts a stage',
  form(
    {
      kernels: [[1, 3, 3], 3, [3, 5, 1], 3],
      strides: [1, [1, 2, 2], [3, 2, 1], 2],
      convolutions: [1, 2, 3, 1],
      decoderConvolutions: [1, 2, 1],
      bias: false,
    },
    {
      sides: [12, 8, 4],
      auxiliary: [
        [12, 4, 2],
        [4, 2, 2],
      ],
      sites: [
        [4, [12, 8, 4]],
        [6, [12, 4, 2]],
        [8, [4, 2, 2]],
        [10, [2, 1, 1]],
      ],
    },
  ),
);
describeBackbone(
  'of six stages meets at the four deepest',
  form(
    { channels: [2, 3, 4, 5, 6, 7], strides: [1, 2, 2, 1, 2, [2, 1, 1]] },
    {
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
        [7, [1, 1, 2]],
      ],
    },
  ),
);

describe('sizes', () => {
  describeSizes(
    'nnU-Net',
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
  describeSizes(
    'nnU-Net',
    form({ strides: [1, [1, 2, 2], 2, [1, 3, 2]] }),
    [2, 12, 8],
    [
      [
        [3, 6, 12],
        [4, 12, 16],
      ],
    ],
  );

  test('of the bottom and the sites follow the published pyramid at 96 and at 128', () => {
    const { encoder } = build({ ...small, channels: [2, 2, 2, 2, 3, 3] });
    expect(encoder.sites.map(({ name, extent }) => [name, extent([96, 96, 128])])).toEqual([
      ['stage 2', [24, 24, 32]],
      ['stage 3', [12, 12, 16]],
      ['stage 4', [6, 6, 8]],
      ['stage 5', [3, 3, 4]],
    ]);
    expect(encoder.bottleneckExtent([96, 96, 128])).toEqual([3, 3, 4]);
  });
});

describe('the number of parameters', () => {
  // PyTorch 2.15 and dynamic-network-architectures 0.4.4: sum(p.numel() for p in PlainConvUNet(input_channels, 6,
  // [32, 64, 128, 256, 320, 320], Conv3d, 3, [1, 2, 2, 2, 2, 2], 2, num_classes, 2, conv_bias=True, norm_op=InstanceNorm3d,
  // norm_op_kwargs={'affine': True}, nonlin=LeakyReLU).parameters()); the last with kernel_sizes [1, 3, 3] first and
  // strides 1, (1, 2, 2), 2, 2, 2, (1, 2, 2).
  const anisotropic = {
    kernels: [[1, 3, 3], 3, 3, 3, 3, 3],
    strides: [1, [1, 2, 2], 2, 2, 2, [1, 2, 2]],
  } as const;
  test.each([
    [1, 16, {}, 31_206_864],
    [4, 3, {}, 31_198_991],
    [1, 16, anisotropic, 30_714_768],
  ])(
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
  test('without deep supervision the further heads are kept for the checkpoint and not trained', () => {
    const [with_, without] = [true, false].map((deepSupervision) => build({ ...small, deepSupervision }));
    expect([...(without?.state().keys() ?? [])]).toEqual([...(with_?.state().keys() ?? [])]);
    const trained = new Set(without?.parameters().keys());
    const idle = [...(with_?.parameters().keys() ?? [])].filter((name) => !trained.has(name));
    expect(idle).toEqual([
      'head.levels.1.weight',
      'head.levels.1.bias',
      'head.levels.2.weight',
      'head.levels.2.bias',
    ]);
  });

  test('weights start normal with variance 2 / ((1 + 0.01^2) fan-in), biases and shifts at 0, scales at 1', () => {
    const network = build({ ...small, channels: [16, 32] });
    const state = network.state();
    const spread = (name: string) =>
      tf.moments(state.get(name) as tf.Tensor).variance.dataSync()[0] as number;
    const fanIns: [string, number][] = [
      ['encoder.stages.1.convolutions.1.convolution.weight', 27 * 32],
      // Of a transposed filter PyTorch counts the output channels.
      ['decoder.levels.0.upsample.weight', 8 * 16],
    ];
    for (const [name, fanIn] of fanIns) expect(spread(name) * fanIn * 1.0001).toBeCloseTo(2, 0.8);
    for (const [name, variable] of state) {
      const expected = name.endsWith('scale') ? 1 : 0;
      if (!name.endsWith('weight')) expect(new Set(variable.dataSync()), name).toEqual(new Set([expected]));
    }
  });

  test('the same stream gives the same weights, another stream others', () => {
    const values = [1, 1, 2].map((seed) =>
      [...createNnUNetPlain(small, new RandomStream(seed)).state().values()].map((v) => v.dataSync().join()),
    );
    expect(values[1]).toEqual(values[0]);
    expect(values[2]).not.toEqual(values[0]);
  });

  test.each<[string, Partial<NnUNetPlainOptions>, string]>([
    ['one stage', { channels: [4] }, 'at least 2 stages, received 1 channels'],
    ['a broken count of channels', { channels: [4, 2.5] }, 'whole numbers above 0 as channels'],
    ['strides of another length', { strides: [1, 2] }, 'expects 4 strides, received 2'],
    ['a stride into the first stage', { strides: [2, 2, 2, 2] }, 'a stride of 1 into its first stage'],
    ['a stride of 0', { strides: [1, 0, 2, 2] }, 'whole numbers above 0 as strides'],
    ['kernels of another length', { kernels: [3, 3] }, 'expects 4 kernels, received 2'],
    ['an even kernel', { kernels: 2 }, 'kernels of odd sides, received [2,2,2]'],
    ['no convolution', { convolutions: [1, 0, 1, 1] }, 'whole numbers above 0 as convolutions'],
    ['a decoder level too many', { decoderConvolutions: [1, 1, 1, 1] }, 'expects 3 decoderConvolutions'],
  ])('%s is refused', (_, changes, message) => {
    const fault = { code: 'backbone-options', kind: 'usage', message: expect.stringContaining(message) };
    expect(() => build({ ...small, ...changes })).toThrow(expect.objectContaining(fault));
  });
});

test('the registry builds it by name', () => {
  const byName = createBackbone('nnunet-plain', small, new RandomStream(1));
  const x = tf.randomUniform([1, 16, 8, 8, 2], -1, 1, 'float32', 5);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
});
