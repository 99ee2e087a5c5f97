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
import { createNnUNetResidualEncoder, type NnUNetResidualEncoderOptions } from './nnunet-residual-encoder.js';

beforeAll(async () => {
  await loadEngine();
});

const small: NnUNetResidualEncoderOptions = {
  inputChannels: 2,
  outputChannels: 3,
  channels: [4, 6, 6, 8],
  blocks: [1, 2, 1, 1],
};
const build = (options: NnUNetResidualEncoderOptions) =>
  createNnUNetResidualEncoder(options, new RandomStream(1));

/** A form of `small` on an image of 16 x 8 x 16 voxels. */
function form(
  changes: Partial<NnUNetResidualEncoderOptions>,
  promises: Partial<BackboneCase> = {},
): BackboneCase {
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
      [6, [4, 2, 4]],
      [8, [2, 1, 2]],
    ],
    // A bias before a normalisation moves nothing: its gradient is rounding.
    withoutEffect: (name) => name.endsWith('convolution.bias'),
    ...promises,
  };
}

describeBackbone('nnunet-residual-encoder', form({}));
describeBackbone(
  'a stem of its own, batch norm, no deep supervision, biases where nothing normalises',
  form(
    { stemChannels: 5, normalisation: 'batch', deepSupervision: false, bias: 'unnormalised' },
    { auxiliary: [], withoutEffect: () => false },
  ),
);
describeBackbone(
  'anisotropic, with other counts a stage',
  form(
    {
      kernels: [[1, 3, 3], 3, [3, 5, 1], 3],
      strides: [1, [1, 2, 2], [3, 2, 1], 2],
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
        [6, [4, 2, 2]],
        [8, [2, 1, 1]],
      ],
    },
  ),
);
describeBackbone(
  'of five stages, one of which keeps the sides',
  form(
    { channels: [2, 3, 4, 5, 6], blocks: 1, strides: [1, 2, 1, 2, [2, 1, 1]] },
    {
      auxiliary: [
        [8, 4, 8],
        [8, 4, 8],
        [4, 2, 4],
      ],
      sites: [
        [3, [8, 4, 8]],
        [4, [8, 4, 8]],
        [5, [4, 2, 4]],
        [6, [2, 2, 4]],
      ],
    },
  ),
);

describe('sizes', () => {
  describeSizes(
    'nnU-Net ResEnc',
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
});

describe('the number of parameters', () => {
  // PyTorch 2.15 and dynamic-network-architectures 0.4.4: sum(p.numel() for p in ResidualEncoderUNet(input_channels, 6,
  // [32, 64, 128, 256, 320, 320], Conv3d, 3, [1, 2, 2, 2, 2, 2], [1, 3, 4, 6, 6, 6], num_classes, 1, conv_bias=True,
  // norm_op=InstanceNorm3d, norm_op_kwargs={'affine': True}, nonlin=LeakyReLU).parameters())
  test('of the published network, 1 channel in and 16 out', () => {
    const network = build({ inputChannels: 1, outputChannels: 16 });
    expect(network.parameterCount()).toBe(102_361_040);
    network.dispose();
  }, 40_000);

  // The same with (2, 4, [8, 16, 16, 24], Conv3d, [[1, 3, 3], 3, 3, 3], [1, (1, 2, 2), 2, 2], [1, 2, 2, 1], 3, [2, 1, 1], stem_channels=6).
  test('of a small one with a stem of its own', () => {
    const network = build({
      inputChannels: 2,
      outputChannels: 3,
      channels: [8, 16, 16, 24],
      kernels: [[1, 3, 3], 3, 3, 3],
      strides: [1, [1, 2, 2], 2, 2],
      blocks: [1, 2, 2, 1],
      decoderConvolutions: [2, 1, 1],
      stemChannels: 6,
    });
    expect(network.parameterCount()).toBe(121_807);
  });
});

describe('the options', () => {
  test('blocks are 1, 3, 4 and 6 from there on where nothing is said', () => {
    const network = build({ inputChannels: 1, outputChannels: 2, channels: [1, 1, 1, 1, 1, 1, 1] });
    const blocks = [...network.state().keys()].flatMap(
      (name) => /^encoder\.stages\.(\d)\.blocks\.(\d)\.first\.convolution\.weight$/.exec(name)?.[1] ?? [],
    );
    const counts = [0, 1, 2, 3, 4, 5, 6].map(
      (stage) => blocks.filter((each) => Number(each) === stage).length,
    );
    expect(counts).toEqual([1, 3, 4, 6, 6, 6, 6]);
  });

  test('a block starts as its shortcut: the mean over each stride where the channels stay', () => {
    const network = build({ ...small, channels: [4, 4], blocks: 1 });
    const x = tf.randomUniform([1, 4, 4, 4, 2], -1, 1, 'float32', 5);
    const { skips, bottleneck } = network.encoder.encode(x, evaluation(), {}).pyramid;
    const means = tf.avgPool3d(skips[0] as tf.Tensor5D, 2, 2, 'valid');
    // The block's rectifier comes after the sum.
    expectSame(bottleneck, tf.leakyRelu(means, 0.01));
    for (const [name, variable] of network.state())
      if (name.endsWith('scale'))
        expect(new Set(variable.dataSync()), name).toEqual(
          new Set([name.endsWith('second.normalisation.scale') ? 0 : 1]),
        );
  });

  test.each<[string, Partial<NnUNetResidualEncoderOptions>, string]>([
    ['blocks of another length', { blocks: [1, 2] }, 'expects 4 blocks, received 2'],
    ['no block', { blocks: [1, 0, 1, 1] }, 'whole numbers above 0 as blocks'],
    ['a stem of no channels', { stemChannels: 0 }, 'whole numbers above 0 as stemChannels'],
    ['strides of another length', { strides: [1, 2] }, 'expects 4 strides, received 2'],
  ])('%s is refused', (_, changes, message) => {
    const fault = { code: 'backbone-options', kind: 'usage', message: expect.stringContaining(message) };
    expect(() => build({ ...small, ...changes })).toThrow(expect.objectContaining(fault));
  });
});

test('the registry builds it by name', () => {
  const byName = createBackbone('nnunet-residual-encoder', small, new RandomStream(1));
  const x = tf.randomUniform([1, 16, 8, 8, 2], -1, 1, 'float32', 5);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
});
