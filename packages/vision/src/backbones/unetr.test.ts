import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream, training, unmapState } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BackboneCase, describeBackbone, expectSame, imageOf } from '../backbone-case.test-support.js';
import { monaiUNETRTable } from '../checkpoints/monai-unetr.js';
import { createBackbone } from '../registry.js';
import { createUNETR, type UNETROptions } from './unetr.js';

beforeAll(async () => {
  await loadEngine();
});

const small: UNETROptions = {
  inputChannels: 2,
  outputChannels: 3,
  imageSides: [32, 16, 48],
  filters: 2,
  width: 12,
  mlpWidth: 20,
  heads: 3,
};
const build = (options: UNETROptions) => createUNETR(options, new RandomStream(1));

/** A form of `small` on an image of 32 x 16 x 48 voxels: 2 x 1 x 3 tokens. */
function form(changes: Partial<UNETROptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [32, 16, 48],
    auxiliary: [],
    sites: Array.from({ length: 4 }, () => [12, [2, 1, 3]] as const),
    refinedFrom: 2,
    ...promises,
  };
}

describeBackbone('unetr', form({}));
describeBackbone(
  'with batch norm, plain convolutions and biases of queries, keys and values',
  form({ normalisation: 'batch', residual: false, qkvBias: true }),
);
describeBackbone(
  'with group norm and no convolutions on the way to the skips, on a cube',
  form(
    { normalisation: { groups: 2 }, convolutions: false, imageSides: 32 },
    { sides: [32, 32, 32], sites: Array.from({ length: 4 }, () => [12, [2, 2, 2]] as const) },
  ),
);

describe('sizes', () => {
  test('other than the one it was built for are refused before any work', () => {
    const network = build(small);
    const before = tf.memory().numTensors;
    for (const sides of [
      [32, 32, 48],
      [1, 1, 1],
      [32, 16],
    ]) {
      const fault = expect.objectContaining({
        code: 'illegal-size',
        message: `UNETR was built for images of [32,16,48] voxels, received [${sides}]`,
        hint: expect.stringContaining('use a patch of [32,16,48] voxels'),
      });
      expect(() => network.encoder.bottleneckExtent(sides)).toThrow(fault);
      expect(() => network.encoder.sites[2]?.extent(sides)).toThrow(fault);
      if (sides.length < 3) continue;
      const x = tf.zeros([1, ...sides, 2]);
      expect(() => network.forward(x, evaluation())).toThrow(fault);
      x.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });

  test('that are no multiples of a patch cannot be built, and the nearest are named', () => {
    for (const [given, nearest] of [
      [[90, 16, 1], '[96,16,16]'],
      [40, '[48,48,48]'],
    ] as const) {
      expect(() => build({ ...small, imageSides: given })).toThrow(
        expect.objectContaining({ code: 'backbone-options', hint: `use imageSides ${nearest}` }),
      );
    }
  });

  test('of a patch of 96 voxels give skips of 96, 48, 24 and 12 and a bottleneck of 6', () => {
    const network = build({ ...small, imageSides: 96 });
    const x = tf.randomUniform([1, 96, 96, 96, 2], -1, 1, 'float32', 1);
    tf.tidy(() => {
      const { skips, bottleneck } = network.encoder.encode(x, evaluation(), {}).pyramid;
      expect([...skips, bottleneck].map((level) => level.shape.slice(1))).toEqual([
        [96, 96, 96, 2],
        [48, 48, 48, 4],
        [24, 24, 24, 8],
        [12, 12, 12, 16],
        [6, 6, 6, 12],
      ]);
    });
    expect(network.encoder.sites.map(({ name }) => name)).toEqual([
      'block 4',
      'block 7',
      'block 10',
      'block 12',
    ]);
    network.dispose();
  });
});

describe('the number of parameters', () => {
  // PyTorch 2.15 and MONAI 1.6.1: sum(p.numel() for n, p in UNETR(in_channels=..., out_channels=..., img_size=..., **changes)
  // .named_parameters() if 'norm_cross' not in n), which leaves out 18,432 that MONAI keeps and never uses.
  test.each([
    ['of the published network', {}, 92_783_842],
    ['of plain blocks', { residual: false }, 92_740_306],
    ['without blocks, with biases', { convolutions: false, qkvBias: true }, 92_479_714],
  ] as const)(
    '%s',
    (_, changes, count) => {
      const network = build({ inputChannels: 1, outputChannels: 2, imageSides: 96, ...changes });
      expect(network.parameterCount()).toBe(count);
      network.dispose();
    },
    60_000,
  );
});

describe('the options', () => {
  test('what meets after block 12 changes the bottleneck alone, after block 4 all skips but the finest', () => {
    const network = build(small);
    const x = imageOf(form({}), 1);
    const encode = (at: number) =>
      network.encoder.encode(x, evaluation(), {}, (site, features, state) => ({
        features: site === at ? tf.mul(features, tf.range(1, 13)) : features,
        state,
      })).pyramid;
    const [plain, early, late] = [encode(-1), encode(0), encode(3)];
    const changed = (pyramid: typeof plain) =>
      [...pyramid.skips, pyramid.bottleneck].map((level, index) => {
        const before = plain.skips[index] ?? plain.bottleneck;
        return (tf.max(tf.abs(tf.sub(level, before))).dataSync()[0] as number) > 1e-4;
      });
    expect(changed(early)).toEqual([false, true, true, true, true]);
    expect(changed(late)).toEqual([false, false, false, false, true]);
    network.dispose();
  });

  test('dropout acts in training only, the same in the same step', () => {
    const [plain, network] = [build(small), build({ ...small, dropout: 0.2 })];
    const x = imageOf(form({}), 1);
    expectSame(network.forward(x, evaluation()).logits, plain.forward(x, evaluation()).logits, 0);
    const run = (step: number) => network.forward(x, training(1, step)).logits.dataSync().join();
    expect(run(0)).toBe(run(0));
    expect(run(0)).not.toBe(run(1));
    plain.dispose();
    network.dispose();
  });

  test('heads that do not divide the width are refused', () => {
    expect(() => build({ ...small, heads: 5 })).toThrow(
      expect.objectContaining({ code: 'heads-do-not-divide' }),
    );
  });

  // Names of MONAI 1.6.1's state dict for conv_block and res_block.
  test.each([
    [true, true, 'encoder2.blocks.1.1.conv1.conv.weight', 'encoder2.blocks.1.0.conv.weight'],
    [true, false, 'encoder2.blocks.1.1.conv2.conv.weight', 'decoder5.conv_block.conv2.conv.weight'],
    [false, true, 'encoder2.blocks.1.conv.weight', 'decoder5.conv_block.conv3.conv.weight'],
    [false, false, 'encoder3.blocks.0.conv.weight', 'encoder1.layer.conv2.conv.weight'],
  ])('with convolutions %s and residual %s have the published names', (convolutions, residual, ...names) => {
    const network = build({ ...small, convolutions, residual });
    const published = unmapState(network.state(), monaiUNETRTable({ convolutions, residual }));
    expect(published.size).toBe(network.state().size);
    expect([...published.keys()]).toEqual(expect.arrayContaining(names));
    tf.dispose([...published.values()]);
    network.dispose();
  });

  test('the registry builds it by name', () => {
    const [byName, direct] = [createBackbone('unetr', small, new RandomStream(1)), build(small)];
    expect([...byName.state().keys()]).toEqual([...direct.state().keys()]);
    byName.dispose();
    direct.dispose();
  });
});
