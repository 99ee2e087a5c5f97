import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream, training } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type BackboneCase,
  describeBackbone,
  describeSizes,
  expectSame,
} from '../backbone-case.test-support.js';
import { createBackbone } from '../registry.js';
import { createSegResNet, type SegResNetOptions } from './segresnet.js';

beforeAll(async () => {
  await loadEngine();
});

const small: SegResNetOptions = { inputChannels: 2, outputChannels: 3, filters: 4, groups: 2 };
const build = (options: SegResNetOptions) => createSegResNet(options, new RandomStream(1));

/** A form of `small` on an image of 16 x 8 x 16 voxels. */
function form(changes: Partial<SegResNetOptions>, promises: Partial<BackboneCase> = {}): BackboneCase {
  return {
    build: () => build({ ...small, ...changes }),
    inputChannels: 2,
    outputChannels: 3,
    sides: [16, 8, 16],
    auxiliary: [],
    sites: [
      [4, [16, 8, 16]],
      [8, [8, 4, 8]],
      [16, [4, 2, 4]],
      [32, [2, 1, 2]],
    ],
    ...promises,
  };
}

describeBackbone('segresnet', form({}));
describeBackbone(
  'with learned upsampling and one channel a group',
  form(
    { upsampling: 'transposed', groups: 4 },
    // Every norm after the last level takes a channel's constant away.
    { withoutEffect: (name) => name === 'decoder.levels.2.upsample.bias' },
  ),
);
describeBackbone(
  'of five stages meets at the four deepest',
  form(
    { filters: 2, groups: 1, blocksDown: [1, 1, 2, 1, 1], blocksUp: [2, 1, 1, 1] },
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
    'SegResNet',
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

  test('one, odd multiples and long sides give logits of their own', () => {
    const network = build(small);
    for (const sides of [
      [8, 8, 8],
      [24, 8, 40],
    ])
      expect(network.forward(tf.zeros([1, ...sides, 2]), evaluation()).logits.shape).toEqual([
        1,
        ...sides,
        3,
      ]);
    expect(network.encoder.bottleneckExtent([96, 96, 128])).toEqual([12, 12, 16]);
  });
});

describe('the number of parameters', () => {
  // PyTorch 2.15 and MONAI 1.6.1: sum(p.numel() for p in SegResNet(in_channels, out_channels, init_filters,
  // upsample_mode).parameters()).
  test.each([
    [1, 2, {}, 1_176_186],
    [4, 3, { filters: 16 }, 4_702_227],
    [1, 2, { upsampling: 'transposed' }, 1_186_994],
  ] as const)(
    'of the published network, %i channels in and %i out',
    (inputChannels, outputChannels, changes, count) => {
      const network = build({ inputChannels, outputChannels, ...changes });
      expect(network.parameterCount()).toBe(count);
      network.dispose();
    },
  );
});

describe('the options', () => {
  test('dropout takes whole channels in training only, others in another step', () => {
    const network = build({ ...small, dropout: 0.5 });
    const x = tf.randomUniform([2, 16, 8, 8, 2], -1, 1, 'float32', 5);
    const run = (context: ReturnType<typeof training>) => network.forward(x, context).logits;
    expectSame(run(evaluation()), build(small).forward(x, evaluation()).logits, 0);
    expectSame(run(training(1, 0)), run(training(1, 0)), 0);
    const [first, second] = [run(training(1, 0)), run(training(1, 1))].map((logits) => [
      ...logits.dataSync(),
    ]);
    expect(first).not.toEqual(second);
    // With no blocks' help to hide it: the sum over voxels of a dropped channel's weight gradient is zero for every tap.
    const weight = network.state().get('encoder.stem.convolution.weight') as tf.Variable;
    const { grads } = tf.variableGrads(
      () =>
        tf.sum(
          tf.square(
            network.forward(tf.slice(x, [0, 0, 0, 0, 0], [1, -1, -1, -1, -1]), training(1, 2)).logits,
          ),
        ) as tf.Scalar,
      [weight],
    );
    const byChannel = [...tf.max(tf.abs(tf.reshape(grads[weight.name] as tf.Tensor, [-1, 4])), 0).dataSync()];
    expect(byChannel.filter((size) => size === 0).length).toBeGreaterThan(0);
    expect(byChannel.filter((size) => size > 0).length).toBeGreaterThan(0);
  });

  test.each<[string, Partial<SegResNetOptions>, object]>([
    [
      'one stage',
      { blocksDown: [1] },
      { code: 'backbone-options', message: expect.stringContaining('expects 2 blocksDown, received 1') },
    ],
    ['a stage without blocks', { blocksDown: [1, 0, 2] }, { code: 'backbone-options' }],
    [
      'a decoder level too many',
      { blocksUp: [1, 1, 1, 1] },
      { code: 'backbone-options', message: expect.stringContaining('expects 3 blocksUp, received 4') },
    ],
    ['groups that do not divide', { groups: 3 }, { code: 'groups-do-not-divide' }],
  ])('%s is refused', (_, changes, fault) => {
    expect(() => build({ ...small, ...changes })).toThrow(
      expect.objectContaining({ kind: 'usage', ...fault }),
    );
  });
});

test('the registry builds it by name', () => {
  const byName = createBackbone('segresnet', small, new RandomStream(1));
  const x = tf.randomUniform([1, 16, 8, 8, 2], -1, 1, 'float32', 5);
  expectSame(byName.forward(x, evaluation()).logits, build(small).forward(x, evaluation()).logits, 0);
});
