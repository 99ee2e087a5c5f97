import { loadEngine } from '@bipvl/engine';
import { BlankStream, evaluation, mapState, RandomStream, training, unmapState } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type BackboneCase,
  describeBackbone,
  describeBatches,
  expectSame,
  imageOf,
} from '../backbone-case.test-support.js';
import { nnFormerTable } from '../checkpoints/nnformer.js';
import { createBackbone } from '../registry.js';
import { createNnFormer, type NnFormerOptions } from './nnformer.js';

beforeAll(async () => {
  await loadEngine();
});

const small: NnFormerOptions = {
  inputChannels: 2,
  outputChannels: 3,
  imageSides: [32, 64, 32],
  width: 4,
  heads: [1, 2, 2, 4],
  windows: [4, 4, 8, 4],
  dropPath: 0,
};
const build = (options: NnFormerOptions) => createNnFormer(options, new RandomStream(1));

/** A form of `small` on an image of 32 x 64 x 32 voxels. */
function form(changes: Partial<NnFormerOptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [32, 64, 32],
    auxiliary: [],
    sites: [
      [4, [8, 16, 8]],
      [8, [4, 8, 4]],
      [16, [2, 4, 2]],
      [32, [1, 2, 1]],
    ],
    refinedFrom: 1,
    // The fourth stage has windows of one token, which a bias of positions moves nowhere.
    withoutEffect: (name) => /encoder\.stages\.3\.blocks\.\d\.positionBias/.test(name),
    ...promises,
  };
}

describeBackbone('nnformer', form({}));
describeBackbone(
  'synapse, with deep supervision, other depths, and an index of its own for each difference',
  form(
    { layout: 'synapse', imageSides: [32, 64, 32], depths: [1, 2, 3, 1], relativeIndex: 'standard' },
    {
      sides: [32, 64, 32],
      auxiliary: [
        [16, 32, 16],
        [8, 16, 8],
      ],
      sites: [
        [4, [16, 16, 8]],
        [8, [8, 8, 4]],
        [16, [4, 4, 2]],
        [32, [2, 2, 1]],
      ],
    },
  ),
);
describeBackbone(
  'acdc, on odd grids that its windows do not divide, and that leave out a slice',
  form(
    {
      layout: 'acdc',
      imageSides: [10, 32, 96],
      windows: [
        [3, 5, 5],
        [3, 5, 5],
        [3, 2, 2],
        [3, 5, 5],
      ],
    },
    {
      sides: [10, 32, 96],
      sites: [
        [4, [10, 8, 24]],
        [8, [10, 4, 12]],
        [16, [5, 2, 6]],
        [32, [2, 1, 3]],
      ],
      withoutEffect: () => false,
    },
  ),
);
describeBackbone('tumour, with a mask left out', form({ layout: 'tumour', shiftMask: false }));
describeBatches(form({ imageSides: 32 }, { sides: [32, 32, 32] }));

describe('sizes', () => {
  test('other than the one it was built for are refused before any work', () => {
    const network = build(small);
    const before = tf.memory().numTensors;
    for (const sides of [
      [64, 64, 64],
      [1, 1, 1],
      [32, 64],
    ]) {
      const fault = expect.objectContaining({
        code: 'illegal-size',
        message: `nnFormer was built for images of [32,64,32] voxels, received [${sides}]`,
        hint: expect.stringContaining('use a patch of [32,64,32] voxels'),
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

  test.each<[Partial<NnFormerOptions>, string]>([
    [{ imageSides: 90 }, '[96,96,96]'],
    [{ imageSides: [1, 47, 49] }, '[32,32,64]'],
    [{ layout: 'synapse', imageSides: [40, 64, 64] }, '[48,64,64]'],
    // A third of its grids must be odd: from 7 slices to 3 and back.
    [{ layout: 'acdc', imageSides: [16, 160, 160] }, '[18,160,160]'],
    [{ layout: 'acdc', imageSides: [2, 160, 161] }, '[6,160,160]'],
    [{ layout: 'acdc', imageSides: [13, 160, 160] }, '[14,160,160]'],
  ])('%j cannot be built, and the nearest are named', (changes, nearest) => {
    expect(() => build({ ...small, windows: [4, 4, 4, 4], ...changes })).toThrow(
      expect.objectContaining({ code: 'backbone-options', kind: 'usage', hint: `use imageSides ${nearest}` }),
    );
  });

  test('of a patch of 96 voxels give grids of 24, 12, 6 and 3 tokens', () => {
    const { encoder, ...network } = build({ ...small, imageSides: 96 });
    expect(encoder.sites.map((site) => site.extent([96, 96, 96]))).toEqual(
      [24, 12, 6, 3].map((side) => [side, side, side]),
    );
    expect(encoder.bottleneckExtent([96, 96, 96])).toEqual([3, 3, 3]);
    expect(network.decoder).toBeDefined();
  });
});

describe('the number of parameters', () => {
  const count = (options: NnFormerOptions) => {
    const network = createNnFormer(options, new BlankStream());
    const parts = [network.encoder, network.decoder, network.head].map((part) =>
      [...part.parameters().values()].reduce((sum, { size }) => sum + size, 0),
    );
    const whole = network.parameterCount();
    network.dispose();
    return { whole, parts };
  };

  // By PyTorch on the release, at its crops.
  test.each<[NnFormerOptions, number]>([
    [{ layout: 'acdc', inputChannels: 1, outputChannels: 4 }, 37_160_200],
    [{ layout: 'tumour', inputChannels: 4, outputChannels: 4 }, 37_606_726],
    [{ inputChannels: 1, outputChannels: 14 }, 37_468_538],
  ])('of %j', (options, whole) => {
    expect(count(options).whole).toBe(whole);
  });

  test("of 96 voxels with the tumour's decoder heads, part by part", () => {
    const options = { inputChannels: 1, outputChannels: 14, decoderHeads: [6, 12, 24] };
    expect(count(options)).toEqual({ whole: 37_506_656, parts: [29_776_326, 7_644_300, 86_030] });
  });

  /**
   * At fixed heads the count is a polynomial of the second degree in the width, so that three narrow networks give that of any. Its heads divide
   * multiples of 6.
   */
  test.each<[string, Partial<NnFormerOptions>, number]>([
    ['its crop', {}, 150_054_210],
    ['96 voxels', { imageSides: 96 }, 149_837_058],
  ])('of synapse at %s', (_, changes, whole) => {
    const options = { layout: 'synapse', inputChannels: 1, outputChannels: 14, ...changes } as const;
    const [a, b, c] = [6, 12, 18].map((width) => count({ ...options, width }).whole) as [
      number,
      number,
      number,
    ];
    const step = 192 / 6 - 1;
    expect(a + step * (b - a) + ((step * (step - 1)) / 2) * (c - 2 * b + a)).toBe(whole);
  });
});

describe('the options', () => {
  const logitsOf = (changes: Partial<NnFormerOptions>) => {
    const network = build({ ...small, ...changes });
    const { logits } = network.forward(imageOf(form({}), 1), evaluation());
    network.dispose();
    return logits.dataSync();
  };

  test('each changes the function of the same weights', () => {
    const forms: Partial<NnFormerOptions>[] = [
      {},
      { relativeIndex: 'standard' },
      { shiftMask: false },
      { windows: [2, 4, 8, 4] },
      { layout: 'tumour' },
    ];
    const answers = forms.map((changes) => logitsOf(changes).join());
    expect(new Set(answers).size).toBe(forms.length);
    expect(logitsOf({ layout: 'tumour', decoderHeads: [1, 2, 2] }).join()).toBe(answers[0]);
  });

  test('stochastic depth acts in training only, the same in the same step', () => {
    const network = build({ ...small, dropPath: 0.9 });
    const x = imageOf(form({}), 1);
    expect([...network.forward(x, evaluation()).logits.dataSync()]).toEqual([...logitsOf({})]);
    const run = (step: number) => network.forward(x, training(1, step)).logits.dataSync().join();
    expect(run(0)).toBe(run(0));
    expect(run(0)).not.toBe(run(1));
    network.dispose();
  });

  test.each<[string, Partial<NnFormerOptions>, string, string]>([
    ['heads of another length', { heads: [1, 2, 4] }, 'expects 4 heads, received 3', 'a list of 4'],
    ['decoder heads of another length', { decoderHeads: [1] }, 'expects 3 decoderHeads', 'a list of 3'],
    ['windows of another length', { windows: [4] }, 'expects 4 windows, received 1', 'a list of 4'],
    [
      'a window of no token',
      { windows: [4, 4, 0, 4] },
      'whole numbers above 0 as windows',
      'a number or three',
    ],
    ['no block', { depths: 0 }, 'whole numbers above 0 as depths', 'a number or three'],
    [
      "windows beyond the release's table",
      { windows: [4, 4, 8, [3, 1, 1]] },
      'runs beyond its table for windows of [3,1,1]',
      "relativeIndex: 'standard'",
    ],
  ])('%s are refused', (_, changes, message, hint) => {
    const fault = {
      code: 'backbone-options',
      kind: 'usage',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    };
    expect(() => build({ ...small, ...changes })).toThrow(expect.objectContaining(fault));
  });

  test.each<[Partial<NnFormerOptions>, string]>([
    [{ width: 7 }, 'use a width of 8'],
    [{ width: 100, heads: [3, 6, 12, 24] }, 'use a width of 102'],
    [{ width: 1, heads: [3, 6, 12, 24] }, 'use a width of 6'],
    [{ width: 8, decoderHeads: [3, 1, 1] }, 'use a width of 6'],
  ])('a width that heads do not divide is refused: %j', (changes, hint) => {
    expect(() => build({ ...small, ...changes })).toThrow(
      expect.objectContaining({ code: 'heads-do-not-divide', hint: expect.stringContaining(hint) }),
    );
  });

  test('the standard index has a row for every window', () => {
    const network = build({ ...small, windows: [4, 4, 8, [3, 1, 1]], relativeIndex: 'standard' });
    expect(network.forward(imageOf(form({}), 1), evaluation()).logits.shape).toEqual([1, 32, 64, 32, 3]);
    network.dispose();
  });
});

test('weights go out under the published names and come back the same', () => {
  const options = { ...small, depths: [1, 2, 3, 1] };
  const network = build(options);
  const table = nnFormerTable(options);
  const published = unmapState(network.state(), table);
  expect(published.get('decoder.layers.0.Upsample.up.weight')?.shape).toEqual([8, 4, 2, 2, 2]);
  expect(published.get('model_down.layers.2.downsample.reduction.weight')?.shape).toEqual([32, 16, 3, 3, 3]);
  const index = published.get('decoder.layers.0.blocks.0.attn.relative_position_index') as tf.Tensor;
  expect(index.dtype).toBe('int32');
  // Window 4: differences of 3 along D and H from the middle, by factors 11 and 7, and along W by 1.
  expect(index.dataSync()[0]).toBe(3 * 11 + 3 * 7 + 3);
  const back = mapState(published, table, network.state());
  for (const [name, variable] of network.state()) expectSame(back.get(name) as tf.Tensor, variable, 0);
  network.dispose();
});

test('the registry builds it by name', () => {
  const byName = createBackbone('nnformer', small, new RandomStream(1));
  const x = imageOf(form({}), 1);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
  byName.dispose();
});
