import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { countParameters } from './count-parameters.js';

beforeAll(async () => {
  await loadEngine();
});

test('counts without leaving a tensor behind', () => {
  const before = tf.memory().numTensors;
  // MONAI's spleen network, as the test of `unet` derives it.
  const unet = { name: 'unet', inputChannels: 1, outputChannels: 2, normalisation: 'batch' } as const;
  expect(countParameters(unet)).toBe(4_808_917);
  expect(tf.memory().numTensors).toBe(before);
});

test('refuses what createBackbone refuses', () => {
  expect(() => countParameters({ name: 'unet', inputChannels: 1, outputChannels: 2, channels: [4] })).toThrow(
    expect.objectContaining({ code: 'unet-options' }),
  );
});
