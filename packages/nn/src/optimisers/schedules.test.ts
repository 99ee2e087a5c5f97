import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { clipByGlobalNorm, globalNorm } from './clip.js';
import { cosineSchedule } from './schedules.js';

beforeAll(async () => {
  await loadEngine();
});

describe('cosineSchedule', () => {
  test('has the golden values 6 of spec/bipvl-seg.md section 14', () => {
    const rate = cosineSchedule({ steps: 300 });
    expect([rate(0), rate(150), rate(300), rate(1000)]).toEqual(
      [1e-4, 5.005e-5, 1e-7, 1e-7].map((x) => expect.closeTo(x, 12)),
    );
  });

  test('rises over the warm-up and then falls', () => {
    const rate = cosineSchedule({ from: 1, to: 0, steps: 14, warmup: 4 });
    expect([0, 1, 3, 4, 9, 14].map(rate)).toEqual(
      [0.2, 0.4, 0.8, 1, 0.5, 0].map((x) => expect.closeTo(x, 12)),
    );
  });

  test.each([
    { steps: 0 },
    { steps: 1.5 },
    { steps: 10, warmup: 10 },
    { steps: 10, from: 0 },
    { steps: 10, from: 1, to: 2 },
  ])('refuses %o', (options) => {
    expect(() => cosineSchedule(options)).toThrow(expect.objectContaining({ code: 'bad-schedule' }));
  });
});

describe('clipByGlobalNorm', () => {
  const gradients = (): Map<string, tf.Tensor> =>
    new Map([
      ['a', tf.tensor([3, 0])],
      ['b', tf.tensor([[0], [4]])],
    ]);

  test('scales all gradients by the same factor where their norm is too large', () => {
    const { gradients: clipped, norm } = clipByGlobalNorm(gradients(), 1);
    expect(norm.dataSync()[0]).toBeCloseTo(5, 6);
    expect(clipped.get('b')?.shape).toEqual([2, 1]);
    expect(globalNorm(clipped).dataSync()[0]).toBeCloseTo(1, 5);
    expect(clipped.get('a')?.dataSync()[0]).toBeCloseTo(0.6, 5);
  });

  test('leaves small gradients and zero gradients alone', () => {
    expect([...(clipByGlobalNorm(gradients(), 10).gradients.get('a')?.dataSync() ?? [])]).toEqual([3, 0]);
    const zero = clipByGlobalNorm(new Map([['a', tf.zeros([2])]]), 1).gradients.get('a');
    expect([...(zero?.dataSync() ?? [])]).toEqual([0, 0]);
  });

  test('refuses a limit of 0', () => {
    expect(() => clipByGlobalNorm(gradients(), 0)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });
});
