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
  { channels: [2, 4], strides: [2] },
  { channels: [4, 8, 8, 16, 6], residualUnits: 0, strides: [2, 2, 2, 1] },
  { channels: [4, 3, 8], strides: [2, 2], kernel: 1, head: 'convolution' },
  { channels: [4, 8, 16], strides: [2, 2], residualUnits: 3, bias: false },
])('never exceeds the parameters of a backbone: %j', (backbone) => {
  const config = parseSegmenterConfig({
    method: 'vision-only',
    image: { patch: [16, 16, 16], channels: 3 },
    labels,
    backbone: { name: 'unet', ...backbone },
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
