import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { argMaxLabels } from './arg-max-labels.js';
import { type ImageArray, readWindow } from './read-window.js';
import { slidingWindow } from './sliding-window.js';

beforeAll(async () => {
  await loadEngine();
});

function ramp(shape: [number, number, number], channels = 1): ImageArray {
  return {
    data: Float32Array.from({ length: shape[0] * shape[1] * shape[2] * channels }, (_, i) => i),
    shape,
    channels,
  };
}

describe('slidingWindow', () => {
  test.each(['constant', 'gaussian'] as const)(
    'a network that says 1 yields 1 everywhere (%s)',
    async (blending) => {
      const image = ramp([9, 5, 11]);
      const { data, classes } = await slidingWindow(image, (window) => tf.onesLike(window), {
        patch: [4, 8, 4],
        overlap: 0.5,
        blending,
      });
      expect(classes).toBe(1);
      expect(data.length).toBe(9 * 5 * 11);
      for (const value of data) expect(value).toBeCloseTo(1, 6);
    },
  );

  test('the identity gives the volume back, padded sides and channels included', async () => {
    const image = ramp([3, 7, 10], 2);
    const { data, classes } = await slidingWindow(image, (window) => tf.clone(window), {
      patch: [4, 4, 4],
      overlap: 0.25,
    });
    expect(classes).toBe(2);
    const far = data.filter((value, i) => Math.abs(value - i) > 1e-3);
    expect(far.length).toBe(0);
  });

  test('keeps no tensor, reports each window, and lets other tasks run between windows', async () => {
    const before = tf.memory().numTensors;
    const seen: string[] = [];
    let tasks = 0;
    const timer = setInterval(() => tasks++, 0);
    await slidingWindow(ramp([8, 8, 8]), (window) => tf.clone(window), {
      patch: [4, 8, 8],
      overlap: 0,
      onWindow: async (done, total) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(`${done}/${total}`);
      },
    });
    clearInterval(timer);
    expect(seen).toEqual(['1/2', '2/2']);
    expect(tasks).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses a volume beyond maxBytes with the bytes it would take', async () => {
    const predict = (window: tf.Tensor5D) => tf.clone(window);
    const options = { patch: [4, 4, 4] as [number, number, number], overlap: 0 };
    await expect(
      slidingWindow(ramp([8, 8, 8]), predict, { ...options, maxBytes: 4095 }),
    ).rejects.toMatchObject({
      code: 'prediction-memory',
      kind: 'resource',
      message: expect.stringContaining('needs 4096 bytes'),
    });
    await expect(
      slidingWindow(ramp([8, 8, 8]), predict, { ...options, maxBytes: 4096 }),
    ).resolves.toBeDefined();
  });
});

describe('readWindow', () => {
  test('zeros or a mirror stand outside the image', () => {
    const image = ramp([1, 1, 3]);
    expect([...readWindow(image, [0, 0, -2], [1, 1, 7], 'zeros')]).toEqual([0, 0, 0, 1, 2, 0, 0]);
    expect([...readWindow(image, [0, 0, -2], [1, 1, 7], 'reflect')]).toEqual([2, 1, 0, 1, 2, 1, 0]);
  });

  test('a mirror of one voxel is that voxel', () => {
    const image = { data: [5], shape: [1, 1, 1] as [number, number, number], channels: 1 };
    expect([...readWindow(image, [0, 0, -1], [1, 1, 3], 'reflect')]).toEqual([5, 5, 5]);
  });

  test('rows outside along the first axes are empty', () => {
    expect([...readWindow(ramp([1, 1, 2]), [-1, 0, 0], [2, 1, 2], 'zeros')]).toEqual([0, 0, 0, 1]);
  });
});

describe('argMaxLabels', () => {
  test('takes the largest logit, the first of equals', () => {
    expect([...argMaxLabels(Float32Array.of(1, 2, 3, 5, 5, 0, -1, -3, -2), 3)]).toEqual([2, 0, 0]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is an error, not a class', (value) => {
    expect(() => argMaxLabels(Float32Array.of(0, 1, 0, value), 2)).toThrow(/not finite at voxel 1/);
  });
});
