import { loadEngine } from '@bipvl/engine';
import { AdamW, Module, parameter } from '@bipvl/nn';
import type { Batch, Losses, Segmenter } from '@bipvl/segmenter';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyConfig } from '../tiny-run.test-support.js';
import { type StepOptions, trainStep } from './train-step.js';

const batch = {
  images: new Float32Array([3, 4]),
  labels: new Int32Array(2),
  shape: [1, 1, 1, 2, 1],
  caseIds: ['a'],
} as const;
const options: StepOptions = { seed: 1, step: 0, learningRate: 0.1, clipNorm: null };

beforeAll(async () => {
  await loadEngine();
});

/** Two weights whose objective is their product with the image. */
class Weights extends Module {
  readonly weight: tf.Variable = parameter(tf.tensor1d([1, 1]));
  readonly idle: tf.Variable | undefined;

  constructor(idle: boolean) {
    super();
    this.idle = idle ? parameter(tf.scalar(1)) : undefined;
  }
}

function segmenterOf(network: Weights, factor = 1): Segmenter {
  return {
    config: { ...tinyConfig('/data').segmenter, labels: [] } as Segmenter['config'],
    network,
    lossNames: ['product'],
    losses: ({ image }: Batch): Losses =>
      tf.tidy(() => {
        const total = tf.mul(tf.sum(tf.mul(network.weight, tf.reshape(image, [2]))), factor) as tf.Scalar;
        return { total, parts: { product: tf.clone(total) } };
      }),
    openPredictor: () => {
      throw new Error('nothing is predicted here');
    },
  };
}

describe('a step', () => {
  it('moves the weights against their gradient and tells objective, parts and gradient norm', () => {
    const network = new Weights(false);
    const result = trainStep(
      segmenterOf(network),
      new AdamW(network.parameters(), { weightDecay: 0 }),
      batch,
      options,
    );
    expect(result).toEqual({ losses: { total: 7, product: 7 }, gradientNorm: 5, finite: true });
    for (const value of network.weight.dataSync()) expect(value).toBeCloseTo(0.9, 5);
  });

  it('scales all gradients together where their norm exceeds the limit', () => {
    const network = new Weights(false);
    const optimiser = new AdamW(network.parameters(), { weightDecay: 0 });
    const { gradientNorm } = trainStep(segmenterOf(network), optimiser, batch, { ...options, clipNorm: 1 });
    const moment = optimiser.state().get('first.weight')?.dataSync() ?? [];
    expect(gradientNorm).toBe(5);
    expect([...moment].map((value) => Number(value.toFixed(5)))).toEqual([0.06, 0.08]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'leaves the weights as they are where the objective is %d',
    (factor) => {
      const network = new Weights(false);
      const result = trainStep(
        segmenterOf(network, factor),
        new AdamW(network.parameters(), { weightDecay: 0 }),
        batch,
        options,
      );
      expect(result.finite).toBe(false);
      expect([...network.weight.dataSync()]).toEqual([1, 1]);
    },
  );

  it('refuses a network with a parameter that the objective does not reach, by name', () => {
    const network = new Weights(true);
    const optimiser = new AdamW(network.parameters(), { weightDecay: 0 });
    expect(() => trainStep(segmenterOf(network), optimiser, batch, options)).toThrow(
      expect.objectContaining({ code: 'bad-gradients', message: expect.stringContaining('idle is missing') }),
    );
    expect([...network.weight.dataSync()]).toEqual([1, 1]);
  });

  it('leaves no tensor behind, whether it goes well or not', () => {
    const network = new Weights(false);
    const optimiser = new AdamW(network.parameters(), { weightDecay: 0 });
    trainStep(segmenterOf(network), optimiser, batch, options);
    const before = tf.memory().numTensors;
    for (let step = 1; step < 20; step++)
      trainStep(segmenterOf(network), optimiser, batch, { ...options, step, clipNorm: 1 });
    trainStep(segmenterOf(network, Number.NaN), optimiser, batch, options);
    expect(tf.memory().numTensors).toBe(before);
    const idle = new Weights(true);
    const broken = new AdamW(idle.parameters(), { weightDecay: 0 });
    const count = tf.memory().numTensors;
    expect(() => trainStep(segmenterOf(idle), broken, batch, options)).toThrow();
    expect(tf.memory().numTensors).toBe(count);
  });
});
