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
import { createDynUNet, type DynUNetOptions } from './dynunet.js';

beforeAll(async () => {
  await loadEngine();
});

const small: DynUNetOptions = { inputChannels: 2, outputChannels: 3, channels: [4, 6, 8, 10] };
const build = (options: DynUNetOptions) => createDynUNet(options, new RandomStream(1));

/** A form of `small` on an image of 16 x 8 x 16 voxels. */
function form(changes: Partial<DynUNetOptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [16, 8, 16],
    auxiliary: [],
    sites: [
      [4, [16, 8, 16]],
      [6, [8, 4, 8]],
      [8, [4, 2, 4]],
      [10, [2, 1, 2]],
    ],
    ...promises,
  };
}

describeBackbone('dynunet', form({}));
describeBackbone(
  'residual, with deep supervision and biases in the transposed convolutions',
  form(
    { residual: true, deepSupervision: 2, upsampleBias: true },
    {
      auxiliary: [
        [8, 4, 8],
        [4, 2, 4],
      ],
    },
  ),
);
describeBackbone(
  'batch norm, another slope, deep supervision of one level',
  form(
    { normalisation: 'batch', activation: { leakyRelu: 0.2 }, deepSupervision: 1 },
    { auxiliary: [[8, 4, 8]] },
  ),
);
describeBackbone(
  'anisotropic, with a stride as large as the kernel and one larger',
  form(
    { kernels: [[1, 3, 3], 3, [3, 3, 1], 3], strides: [1, [1, 4, 2], [3, 2, 1], 2] },
    {
      sides: [12, 16, 4],
      sites: [
        [4, [12, 16, 4]],
        [6, [12, 4, 2]],
        [8, [4, 2, 2]],
        [10, [2, 1, 1]],
      ],
    },
  ),
);

describe('sizes', () => {
  describeSizes(
    'DynUNet',
    form({ strides: [1, [1, 2, 4], 2, 2] }),
    [4, 8, 16],
    [
      [
        [6, 4, 30],
        [8, 8, 32],
      ],
      [
        [1, 1, 1],
        [4, 8, 16],
      ],
    ],
  );
});

describe('the number of parameters', () => {
  // PyTorch 2.15 and MONAI 1.6.1: sum(p.numel() for p in DynUNet(3, 1, 16, [3] * 6, [1, 2, 2, 2, 2, 2], [2] * 5,
  // filters=[32, 64, 128, 256, 320, 320], res_block=..., deep_supervision=..., deep_supr_num=2).parameters())
  test.each([
    ['plain', {}, 31_189_872],
    ['residual, two levels supervised', { residual: true, deepSupervision: 2 }, 31_422_576],
  ] as const)(
    'of the published network, %s',
    (_, changes, count) => {
      const network = build({ inputChannels: 1, outputChannels: 16, ...changes });
      expect(network.parameterCount()).toBe(count);
      network.dispose();
    },
    20_000,
  );

  // The same with (3, 2, 3, [[1, 3, 3], 3, 3, 3], [1, (1, 2, 2), 2, 2], [(1, 2, 2), 2, 2], filters=[8, 16, 16, 24], res_block=...,
  // deep_supervision=True, deep_supr_num=2, trans_bias=True).
  test.each([
    [false, 103_705],
    [true, 104_617],
  ])('of a small anisotropic one, residual %s', (residual, count) => {
    const network = build({
      ...small,
      channels: [8, 16, 16, 24],
      kernels: [[1, 3, 3], 3, 3, 3],
      strides: [1, [1, 2, 2], 2, 2],
      deepSupervision: 2,
      upsampleBias: true,
      residual,
    });
    expect(network.parameterCount()).toBe(count);
  });
});

describe('the options', () => {
  test('an upsampled level has the kernel of the stage below it', () => {
    const network = build({ ...small, kernels: [1, 3, 5, 1] });
    const sides = [0, 1, 2].map(
      (level) =>
        network.state().get(`decoder.levels.${level}.refine.convolutions.0.convolution.weight`)?.shape[0],
    );
    expect(sides).toEqual([1, 5, 3]);
  });

  test.each<[string, Partial<DynUNetOptions>, string]>([
    ['two stages', { channels: [4, 6] }, 'at least 3 stages, received 2 channels'],
    ['strides of another length', { strides: [1, 2] }, 'expects 4 strides, received 2'],
    ['a stride into the first stage', { strides: [2, 2, 2, 2] }, 'a stride of 1 into its first stage'],
    [
      'supervision of the finest level',
      { deepSupervision: 3 },
      'deepSupervision of 0 to 2 levels for 4 stages',
    ],
    ['half a level of supervision', { deepSupervision: 0.5 }, 'received 0.5'],
    [
      'a stride beyond the kernel',
      { strides: [1, 5, 2, 2] },
      'at most [4,4,4] into stage 1, received [5,5,5]',
    ],
    [
      'a wide stride in residual blocks',
      { residual: true, strides: [1, 3, 2, 2] },
      'at most [2,2,2] into stage 1',
    ],
  ])('%s is refused', (_, changes, message) => {
    const fault = { code: 'backbone-options', kind: 'usage', message: expect.stringContaining(message) };
    expect(() => build({ ...small, ...changes })).toThrow(expect.objectContaining(fault));
  });
});

test('the registry builds it by name', () => {
  const byName = createBackbone('dynunet', small, new RandomStream(1));
  const x = tf.randomUniform([1, 16, 8, 8, 2], -1, 1, 'float32', 5);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
});
