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
import { createDCFormerUNet, type DCFormerUNetOptions } from './dcformer-unet.js';

beforeAll(async () => {
  await loadEngine();
});

const small: DCFormerUNetOptions = {
  inputChannels: 2,
  outputChannels: 3,
  channels: [4, 4, 6, 8, 10],
  blocks: 1,
  kernels: [5, 5, 3, 3],
  layerScale: 0.5,
};
const build = (options: DCFormerUNetOptions) => createDCFormerUNet(options, new RandomStream(1));

/** A form of `small`; the deepest stage of its image has 2 x 1 x 1 voxels. */
function form(changes: Partial<DCFormerUNetOptions>): BackboneCase {
  const stride = changes.stemStride ?? 2;
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [32 * stride, 16 * stride, 16 * stride],
    auxiliary: [],
    sites: [
      [4, [16, 8, 8]],
      [6, [8, 4, 4]],
      [8, [4, 2, 2]],
      [10, [2, 1, 1]],
    ],
    // A bias before a normalisation of the batch's own moves nothing: its gradient is rounding.
    withoutEffect: (name) => /along\w+\.convolution\.bias$/.test(name),
  };
}

describeBackbone('dcformer', form({}));
describeBackbone(
  'with a stem of stride 1, an activation and residual mixers',
  form({ stemStride: 1, stemActivation: 'gelu', residualMixer: true }),
);
describeBackbone('with batch norm', form({ normalisation: 'batch' }));

describe('sizes', () => {
  describeSizes(
    'DCFormer',
    form({}),
    [32, 32, 32],
    [
      [
        [80, 32, 32],
        [96, 32, 32],
      ],
      [
        [31, 65, 1],
        [32, 64, 32],
      ],
    ],
  );
  describeSizes(
    'DCFormer',
    form({ stemStride: 4 }),
    [64, 64, 64],
    [
      [
        [96, 64, 64],
        [128, 64, 64],
      ],
    ],
  );
});

test('with a stem of stride 4 the logits have the size of the image', () => {
  const network = build({ ...small, stemStride: 4 });
  const x = tf.randomUniform([1, 64, 64, 128, 2], -1, 1, 'float32', 5);
  expect(network.forward(x, evaluation()).logits.shape).toEqual([1, 64, 64, 128, 3]);
  network.dispose();
});

test('instance norm is not given a bottleneck of one voxel, other norms are', () => {
  const x = tf.zeros([1, 32, 32, 32, 2]);
  const fault = expect.objectContaining({
    code: 'illegal-size',
    hint: 'use a patch of [64,32,32] voxels or more',
  });
  expect(() => build(small).forward(x, evaluation())).toThrow(fault);
  const { logits } = build({ ...small, normalisation: 'batch' }).forward(x, evaluation());
  expect(logits.shape).toEqual([1, 32, 32, 32, 3]);
});

test('the registry builds it by name', () => {
  const byName = createBackbone('dcformer', small, new RandomStream(1));
  const x = tf.randomUniform([1, 64, 32, 32, 2], -1, 1, 'float32', 5);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
});
