import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { planResidualEncoder, type ResidualEncoderPreset } from './nnunet-presets.js';
import { createNnUNetResidualEncoder } from './nnunet-residual-encoder.js';
import { nnUNetTopology } from './nnunet-topology.js';

beforeAll(async () => {
  await loadEngine();
});

/** Three digits a stage: '133' is [1, 3, 3]. */
const triples = (digits: string) => digits.split(' ').map((each) => [...each].map(Number));

const fine = { strides: '111 222 222 222 222 222', kernels: '333 333 333 333 333 333' };
const deep = { strides: '111 122 222 222 222 122 122', kernels: '133 333 333 333 333 333 333' };
const thick = { strides: '111 122 122 222 222 122 122', kernels: '133 133 333 333 333 333 333' };

// nnunetv2 2.8.1: the plan of get_plans_for_configuration(spacing, median_shape, '', 1e12, {}) of nnUNetPlannerResEncM, L and XL, for one input
// channel and 3 labels: patch_size, batch_size, strides and kernel_sizes.
const plans: [ResidualEncoderPreset, Triple, Triple, Triple, number, { strides: string; kernels: string }][] =
  [
    ['M', [1.5, 1.5, 1.5], [228, 228, 240], [128, 128, 128], 2, fine],
    ['L', [1.5, 1.5, 1.5], [228, 228, 240], [192, 192, 192], 2, fine],
    ['XL', [1.5, 1.5, 1.5], [228, 228, 240], [224, 224, 256], 2, fine],
    ['M', [1, 1, 1], [138, 169, 138], [128, 128, 128], 2, fine],
    ['L', [1, 1, 1], [138, 169, 138], [160, 192, 160], 3, fine],
    ['XL', [1, 1, 1], [138, 169, 138], [160, 192, 160], 6, fine],
    ['XL', [0.8, 0.8, 0.8], [600, 600, 600], [256, 224, 224], 2, fine],
    [
      'M',
      [1, 1, 1],
      [36, 50, 35],
      [40, 56, 40],
      58,
      { strides: '111 222 222 222', kernels: '333 333 333 333' },
    ],
    ['M', [5, 1.25, 1.25], [21, 256, 256], [24, 256, 256], 2, thick],
    ['XL', [5, 1.25, 1.25], [21, 256, 256], [24, 256, 256], 11, thick],
    ['M', [3.6, 0.6, 0.6], [20, 320, 320], [20, 256, 256], 2, thick],
    [
      'M',
      [3, 0.8, 0.8],
      [100, 512, 512],
      [40, 224, 192],
      2,
      { strides: '111 122 222 222 222 122', kernels: '133 333 333 333 333 333' },
    ],
    ['L', [3, 0.8, 0.8], [100, 512, 512], [56, 320, 256], 2, deep],
    [
      'XL',
      [3, 0.8, 0.8],
      [100, 512, 512],
      [64, 384, 384],
      2,
      { ...deep, strides: '111 122 222 222 222 222 122' },
    ],
    [
      'L',
      [2.5, 0.7, 0.7],
      [200, 512, 512],
      [96, 256, 224],
      2,
      { strides: '111 122 222 222 222 222', kernels: '133 333 333 333 333 333' },
    ],
  ];

describe('planResidualEncoder', () => {
  test.each(plans)('%s at [%s] mm for images of [%s] is as nnU-Net plans it', (...plan) => {
    const [preset, spacing, medianShape, patch, batch, { strides, kernels }] = plan;
    const found = planResidualEncoder(preset, { spacing, medianShape, outputChannels: 3 });
    const stages = strides.split(' ').length;
    expect(found).toEqual({
      patch,
      batch,
      options: {
        channels: [32, 64, 128, 256, 320, 320, 320].slice(0, stages),
        kernels: triples(kernels),
        strides: triples(strides),
        blocks: [1, 3, 4, 6, 6, 6, 6].slice(0, stages),
        decoderConvolutions: Array(stages - 1).fill(1),
      },
    });
  });

  // The same of nnUNetPlannerResEncM for 105 labels.
  test('counts the logits: many classes leave a smaller patch', () => {
    const data = { spacing: [1.5, 1.5, 1.5], medianShape: [228, 228, 240], outputChannels: 105 } as const;
    expect(planResidualEncoder('M', data).patch).toEqual([128, 112, 128]);
  });

  test('gives options that build a network which takes the patch', () => {
    const { patch, options } = planResidualEncoder('M', {
      spacing: [3, 1, 1],
      medianShape: [16, 32, 32],
      outputChannels: 2,
    });
    const narrow = { ...options, channels: options.channels.map(() => 2), blocks: 1 };
    const network = createNnUNetResidualEncoder(
      { inputChannels: 1, outputChannels: 2, ...narrow },
      new RandomStream(1),
    );
    expect(network.forward(tf.zeros([1, ...patch, 1]), evaluation()).logits.shape).toEqual([1, ...patch, 2]);
  });

  test('refuses an unknown preset, and one that every object has', () => {
    const data = { spacing: [1, 1, 1], medianShape: [64, 64, 64], outputChannels: 2 } as const;
    for (const preset of ['S', 'toString'])
      expect(() => planResidualEncoder(preset as 'M', data)).toThrow(
        expect.objectContaining({
          code: 'backbone-options',
          message: expect.stringContaining('one of: M, L, XL'),
        }),
      );
  });
});

describe('nnUNetTopology', () => {
  // nnunetv2 2.8.1: get_pool_and_conv_props([1, 1, 1], patch, 4, 999).
  test('enlarges the patch to multiples of the strides', () => {
    expect(nnUNetTopology([30, 33, 100], [1, 1, 1])).toMatchObject({
      patch: [32, 40, 112],
      strides: triples('111 222 222 222 112'),
    });
  });

  test('does not halve the last axis alone where little of it would be left', () => {
    const strides = (sides: Triple) => nnUNetTopology(sides, [1, 1, 1]).strides.length;
    expect(strides([8, 8, 22])).toBe(2);
    expect(strides([8, 8, 24])).toBe(3);
  });

  test.each<[Triple, Triple]>([
    [
      [7, 64, 64],
      [1, 1, 1],
    ],
    [
      [64.5, 64, 64],
      [1, 1, 1],
    ],
    [
      [64, 64, 64],
      [1, 0, 1],
    ],
    [
      [64, 64, 64],
      [1, 1, Number.NaN],
    ],
  ])('refuses [%s] at [%s]', (patch, spacing) => {
    expect(() => nnUNetTopology(patch, spacing)).toThrow(
      expect.objectContaining({ code: 'backbone-options', kind: 'usage' }),
    );
  });
});
