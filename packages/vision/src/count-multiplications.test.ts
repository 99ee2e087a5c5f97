import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { BackboneConfiguration } from './backbone-options.js';
import { countMultiplications } from './count-multiplications.js';

beforeAll(async () => {
  await loadEngine();
});

const data = { inputChannels: 1, outputChannels: 2 };

// Half of what torch.utils.flop_counter (PyTorch 2.15) counts for MONAI 1.6.1's network of the same options.
test.each<[BackboneConfiguration, number, number]>([
  [{ name: 'unet', ...data }, 32, 189_595_648],
  [{ name: 'unetr', ...data, imageSides: 32 }, 32, 2_675_048_448],
  [{ name: 'swin-unetr', ...data }, 64, 25_423_609_632],
])("$name has the multiply-adds of MONAI's", (configuration, side, expected) => {
  const before = tf.memory().numTensors;
  expect(countMultiplications(configuration, [1, side, side, side, 1])).toBe(expected);
  expect(tf.memory().numTensors).toBe(before);
});

test('refuses sides that the network refuses', () => {
  expect(() => countMultiplications({ name: 'unet', ...data }, [1, 15, 16, 16, 1])).toThrow(
    expect.objectContaining({ code: 'illegal-size' }),
  );
});
