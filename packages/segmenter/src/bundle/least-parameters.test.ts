import { loadEngine } from '@bipvl/engine';
import { RandomStream } from '@bipvl/nn';
import { beforeAll, expect, test } from 'vitest';
import type { BiPVLSegConfig } from '../config.js';
import { parseSegmenterConfig } from '../config-schema.js';
import { createSegmenter } from '../create-segmenter.js';
import { BiPVLSegNetwork } from '../methods/bipvl-seg-network.js';
import { leastParameters } from './least-parameters.js';

beforeAll(async () => {
  await loadEngine();
});

const labels = Array.from({ length: 2 }, (_, i) => ({ id: i + 1, name: `class ${i + 1}` }));

test.each([
  { name: 'unet', channels: [2, 4], strides: [2] },
  { name: 'unet', channels: [4, 8, 8, 16, 6], residualUnits: 0, strides: [2, 2, 2, 1] },
  { name: 'unet', channels: [4, 3, 8], strides: [2, 2], kernel: 1, head: 'convolution' },
  { name: 'unet', channels: [4, 8, 16], strides: [2, 2], residualUnits: 3, bias: false },
  { name: 'segresnet' },
  { name: 'segresnet', filters: 2, groups: 1, blocksDown: [1, 3], blocksUp: [2], upsampling: 'transposed' },
  { name: 'nnunet-plain', channels: [4, 8, 6], convolutions: [1, 2, 3], deepSupervision: false, bias: false },
  { name: 'nnunet-plain', channels: [4, 8], kernels: [[1, 3, 3], 5] },
  { name: 'nnunet-residual-encoder', channels: [4, 8, 6], blocks: [1, 2, 1], kernels: [3, 1, 3] },
  { name: 'nnunet-residual-encoder', channels: [2, 4, 4, 4, 4], blocks: 1 },
  { name: 'dynunet', channels: [4, 8, 6], kernels: [[1, 3, 3], 3, 1] },
  { name: 'dynunet', channels: [4, 8, 16, 16], residual: true, deepSupervision: 1 },
  { name: 'unet-plusplus', channels: [4, 5, 6, 7, 8], lastChannels: 1, bias: false },
  { name: 'unet-plusplus', channels: [3, 4], lastChannels: 2 },
  { name: 'mednext', filters: 4, kernel: 5 },
  { name: 'mednext', size: 'B', filters: 2, blocksDown: 1, expansionsUp: [1, 2, 3, 4], residual: false },
  { name: 'swin-unetr', width: 12 },
  {
    name: 'swin-unetr',
    version: 2,
    width: 2,
    heads: [1, 1, 1, 1],
    window: [2, 3, 4],
    depths: [1, 1, 1, 1],
    qkvBias: false,
  },
  { name: 'unetr', filters: 8, width: 24, mlpWidth: 48, heads: 4 },
  { name: 'unetr', filters: 4, width: 48, mlpWidth: 48, residual: false, convolutions: false },
])('never exceeds the parameters of a backbone: %j', (backbone) => {
  const config = parseSegmenterConfig({
    method: 'vision-only',
    image: { patch: [16, 16, 16], channels: 3 },
    labels,
    backbone,
  });
  const { network } = createSegmenter(config, { seed: 1 });
  const least = leastParameters(config, 0);
  expect(least).toBeGreaterThan(0.2 * network.parameterCount());
  expect(least).toBeLessThanOrEqual(network.parameterCount());
  network.dispose();
});

test.each(['every-stage', 'late', 'none'])(
  'never exceeds the parameters of a network with text, fused %s',
  (mode) => {
    const config = parseSegmenterConfig({
      method: 'bipvl-seg',
      image: { patch: [16, 16, 16] },
      labels,
      backbone: { name: 'unet', channels: [4, 8, 8], strides: [2, 2] },
      text: { width: 8, layers: 3, heads: 2, intermediate: 16, stages: [2, 1], positions: 32 },
      fusion: { mode, heads: 2, hidden: 16, window: 2 },
      alignment: null,
    }) as BiPVLSegConfig;
    const network = new BiPVLSegNetwork(config, 50, new RandomStream(1));
    const least = leastParameters(config, 50);
    expect(least).toBeGreaterThan(0.5 * network.parameterCount());
    expect(least).toBeLessThanOrEqual(network.parameterCount());
    network.dispose();
  },
);
