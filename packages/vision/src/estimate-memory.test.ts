import { loadEngine } from '@bipvl/engine';
import { MemoryLedger, RandomStream, training, variableGradients } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BackboneConfiguration } from './backbone-options.js';
import { estimateMemory } from './estimate-memory.js';
import { createBackbone } from './registry.js';

beforeAll(async () => {
  await loadEngine();
});

const unet: BackboneConfiguration = {
  name: 'unet',
  inputChannels: 1,
  outputChannels: 3,
  channels: [8, 16, 32],
};
const megabyte = 2 ** 20;

describe('estimateMemory', () => {
  test('carries small runs on to what a run of the full size holds', () => {
    const sides = [64, 96, 64] as const;
    const network = createBackbone('unet', unet, new RandomStream(1));
    const parameters = network.parameters();
    const ledger = new MemoryLedger();
    const pass = () =>
      tf.tidy(() => {
        const image = tf.zeros([1, ...sides, 1]);
        const loss = () => tf.mean(tf.square(network.forward(image, training(1, 0)).logits)) as tf.Scalar;
        variableGradients(loss, parameters);
      });
    ledger.record(pass);
    const held = Math.max(...ledger.record(pass));
    const loss = ({ logits }: { logits: tf.Tensor }) => tf.mean(tf.square(logits)) as tf.Scalar;
    const { peakBytes, weightBytes, measured } = estimateMemory(unet, [1, ...sides, 1], 'training', { loss });
    expect(weightBytes).toBe(4 * network.parameterCount());
    expect(measured).toEqual([
      [32, 32, 32],
      [48, 48, 32],
    ]);
    // The constants for the allocator and the runtime taken off again, and the moments of AdamW, which `pass` leaves out.
    const counted = (peakBytes - 32 * megabyte) / 1.125 - weightBytes;
    expect(counted / held).toBeGreaterThan(0.99);
    expect(counted / held).toBeLessThan(1.05);
  });

  test('grows with the batch, and is smaller for a forward pass or with recomputed stages', () => {
    const peak = (batch: number, mode: 'forward' | 'training') =>
      estimateMemory(unet, [batch, 64, 64, 64, 1], mode).peakBytes;
    const fixed = 32 * megabyte;
    expect((peak(2, 'training') - fixed) / (peak(1, 'training') - fixed)).toBeCloseTo(2, 1);
    expect(peak(1, 'forward')).toBeLessThan(0.5 * peak(1, 'training'));
    const recomputed = estimateMemory(unet, [1, 64, 64, 64, 1], 'training', { recompute: true }).peakBytes;
    expect(recomputed).toBeLessThan(0.9 * peak(1, 'training'));
  });

  test('runs a small size as it is, refuses one that is not legal, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    expect(estimateMemory(unet, [1, 16, 16, 16, 1], 'training').measured).toEqual([[16, 16, 16]]);
    expect(() => estimateMemory(unet, [1, 17, 16, 16, 1], 'forward')).toThrow(
      expect.objectContaining({ code: 'illegal-size' }),
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
