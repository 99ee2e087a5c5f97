import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BackboneDescription, list } from './list.js';
import { listBackbones } from './registry.js';

let described: BackboneDescription[] = [];

beforeAll(async () => {
  await loadEngine();
  const before = tf.memory().numTensors;
  described = list();
  expect(tf.memory().numTensors).toBe(before);
});

describe('list', () => {
  test('has every backbone of the registry', () => {
    expect(described.map(({ name }) => name).sort()).toEqual(listBackbones().sort());
  });

  test('gives options as a strict JSON Schema with the defaults', () => {
    const unet = described.find(({ name }) => name === 'unet')?.options;
    expect(unet).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { const: 'unet' },
        residualUnits: { type: 'integer', default: 2 },
        channels: { default: [16, 32, 64, 128, 256] },
      },
    });
    for (const { options } of described) expect(options['additionalProperties']).toBe(false);
  });

  test('counts the parameters of the defaults', () => {
    const counts = Object.fromEntries(described.map(({ name, parameters }) => [name, parameters]));
    // MONAI's UNet of these defaults, by hand in the tests of `unet`, with two classes for three.
    expect(counts['unet']).toBe(4_807_482 - (32 * 27 + 1) - (3 * 3 - 2 * 2) * 27 - 1);
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(1e6);
  });
});
