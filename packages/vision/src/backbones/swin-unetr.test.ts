import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream, training } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type BackboneCase,
  describeBackbone,
  describeSizes,
  expectSame,
  imageOf,
} from '../backbone-case.test-support.js';
import { createBackbone } from '../registry.js';
import { createSwinUNETR, type SwinUNETROptions } from './swin-unetr.js';

beforeAll(async () => {
  await loadEngine();
});

const small: SwinUNETROptions = { inputChannels: 2, outputChannels: 3, width: 4, heads: [1, 2, 2, 4] };
const build = (options: SwinUNETROptions) => createSwinUNETR(options, new RandomStream(1));

/** A form of `small` on an image of 32 x 64 x 32 voxels. */
function form(changes: Partial<SwinUNETROptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [32, 64, 32],
    auxiliary: [],
    sites: [
      [8, [8, 16, 8]],
      [16, [4, 8, 4]],
      [32, [2, 4, 2]],
      [64, [1, 2, 1]],
    ],
    refinedFrom: 3,
    ...promises,
  };
}

describeBackbone('swin-unetr', form({}));
describeBackbone(
  'version 2 with group norm, patch norm, merging of MONAI 1.6, other depths and windows',
  form({
    version: 2,
    normalisation: { groups: 2 },
    patchNormalisation: true,
    merging: 'legacy-corrected',
    depths: [2, 1, 3, 1],
    window: [2, 3, 4],
  }),
);
describeBackbone(
  'with batch norm, v2 merging, no bias of queries and keys, features as they are',
  form(
    { normalisation: 'batch', merging: 'v2', qkvBias: false, normalise: false, mlpRatio: 1.5 },
    {
      sides: [32, 32, 64],
      sites: [
        [8, [8, 8, 16]],
        [16, [4, 4, 8]],
        [32, [2, 2, 4]],
        [64, [1, 1, 2]],
      ],
    },
  ),
);

describe('sizes', () => {
  describeSizes(
    'Swin UNETR',
    form({}),
    [32, 32, 32],
    [
      [
        [96, 96, 80],
        [96, 96, 96],
      ],
      [
        [1, 33, 50],
        [32, 32, 64],
      ],
    ],
  );

  test('that leave instance norm one voxel are refused, and not to another normalisation', () => {
    const network = build(small);
    const fault = expect.objectContaining({
      code: 'illegal-size',
      hint: expect.stringContaining('[64,32,32]'),
    });
    expect(() => network.forward(tf.zeros([1, 32, 32, 32, 2]), evaluation())).toThrow(fault);
    expect(() => network.encoder.sites[3]?.extent([32, 32, 32])).toThrow(fault);
    const grouped = build({ ...small, normalisation: { groups: 4 } });
    expect(grouped.encoder.bottleneckExtent([32, 32, 32])).toEqual([1, 1, 1]);
    network.dispose();
    grouped.dispose();
  });
});

describe('the shapes of a patch of 96 voxels a side', () => {
  test('are those of the published network', () => {
    const f = 4;
    const network = build({ ...small, inputChannels: 1 });
    const x = tf.randomUniform([1, 96, 96, 96, 1], -1, 1, 'float32', 1);
    tf.tidy(() => {
      const met: number[][] = [];
      const { pyramid } = network.encoder.encode(x, evaluation(), {}, (_, features, state) => {
        met.push(features.shape.slice(1));
        return { features, state };
      });
      const shape = (side: number, factor: number) => [side, side, side, factor * f];
      expect(met).toEqual([shape(24, 2), shape(12, 4), shape(6, 8), shape(3, 16)]);
      expect(pyramid.skips.map((skip) => skip.shape.slice(1))).toEqual([
        shape(96, 1),
        shape(48, 1),
        shape(24, 2),
        shape(12, 4),
        shape(6, 8),
      ]);
      expect(pyramid.bottleneck.shape.slice(1)).toEqual(shape(3, 16));
      const { levels } = network.decoder.decode(pyramid, evaluation());
      expect(levels.map((level) => level.shape.slice(1))).toEqual([
        shape(6, 8),
        shape(12, 4),
        shape(24, 2),
        shape(48, 1),
        shape(96, 1),
      ]);
    });
    network.dispose();
  });

  test('at the published width have sites of 96, 192, 384 and 768 channels', () => {
    const { encoder } = build({ inputChannels: 1, outputChannels: 2 });
    expect(encoder.sites.map((site) => site.extent([96, 96, 96])[0])).toEqual([24, 12, 6, 3]);
    expect(encoder.sites.map(({ channels }) => 2 * channels)).toEqual([96, 192, 384, 768]);
    expect(encoder.bottleneckExtent([96, 128, 64])).toEqual([3, 4, 2]);
  });
});

describe('the number of parameters', () => {
  // PyTorch 2.15 and MONAI 1.6.1: sum(p.numel() for p in SwinUNETR(in_channels=..., out_channels=..., feature_size=..., use_v2=...).parameters())
  test.each([
    [1, 14, 48, 1, 62_187_296],
    [4, 3, 48, 2, 72_767_301],
    [1, 2, 24, 1, 15_703_004],
    [1, 2, 24, 2, 18_346_844],
  ] as const)(
    'of %d channels in, %d out, width %d, version %d',
    (inputChannels, outputChannels, width, version, count) => {
      const network = build({ inputChannels, outputChannels, width, version });
      expect(network.parameterCount()).toBe(count);
      network.dispose();
    },
    60_000,
  );

  test('of another form', () => {
    // The same with (1, 2, feature_size=12, norm_name='batch', qkv_bias=False, patch_norm=True, window_size=4).
    const network = build({
      inputChannels: 1,
      outputChannels: 2,
      width: 12,
      normalisation: 'batch',
      qkvBias: false,
      patchNormalisation: true,
      window: 4,
    });
    expect(network.parameterCount()).toBe(3_912_476);
    network.dispose();
  });
});

describe('the options', () => {
  test('merging orders are different functions of the same weights', () => {
    const given = form({});
    const logits = (['legacy', 'legacy-corrected', 'v2'] as const).map((merging) => {
      const network = build({ ...small, merging });
      return network.forward(imageOf(given, 1), evaluation()).logits.dataSync().join();
    });
    expect(new Set(logits).size).toBe(3);
    const byDefault = build(small).forward(imageOf(given, 1), evaluation()).logits.dataSync().join();
    expect(byDefault).toBe(logits[0]);
  });

  test('dropout and stochastic depth act in training only, the same in the same step', () => {
    const cube = { ...small, normalisation: { groups: 2 } };
    const plain = build(cube);
    const x = tf.randomUniform([1, 32, 32, 32, 2], -1, 1, 'float32', 5);
    const expected = plain.forward(x, evaluation()).logits;
    for (const changes of [{ dropout: 0.2 }, { attentionDropout: 0.2 }, { dropPath: 0.9 }]) {
      const network = build({ ...cube, ...changes });
      expectSame(network.forward(x, evaluation()).logits, expected, 0);
      const run = (step: number) => network.forward(x, training(1, step)).logits.dataSync().join();
      expect(run(0)).toBe(run(0));
      expect(run(0)).not.toBe(run(1));
      network.dispose();
    }
    plain.dispose();
  });

  test('that do not go together are refused', () => {
    expect(() => build({ ...small, depths: [2, 2, 2] })).toThrow(
      expect.objectContaining({ code: 'backbone-options', message: expect.stringContaining('3 depths') }),
    );
    expect(() => build({ ...small, heads: [3, 6, 12, 24] })).toThrow(
      expect.objectContaining({ code: 'heads-do-not-divide' }),
    );
    expect(() => build({ ...small, normalisation: { groups: 3 } })).toThrow(
      expect.objectContaining({ code: 'groups-do-not-divide' }),
    );
  });

  test('the registry builds it by name', () => {
    const [byName, direct] = [createBackbone('swin-unetr', small, new RandomStream(1)), build(small)];
    expect([...byName.state().keys()]).toEqual([...direct.state().keys()]);
    byName.dispose();
    direct.dispose();
  });
});
