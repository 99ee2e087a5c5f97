import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { MemoryLedger } from '../memory-ledger.js';
import { compare } from '../testing/compare.js';
import { AdamW, type AdamWOptions } from './adamw.js';
import { CompositeAdam } from './composite-adam.js';
import { NativeAdam } from './native-adam.js';

beforeAll(async () => {
  await loadEngine();
});

const start = {
  'layer.weight': [
    [1, -2],
    [0.5, 3],
    [0, -1],
  ],
  'layer.bias': [0.1, -0.2],
  scale: 2,
};
const options: AdamWOptions = { weightDecay: 0.1, noDecay: (name) => name.endsWith('bias') };
const learningRates = [0.1, 0.05, 0.2, 0.01, 0.1];

function parameters(): Map<string, tf.Variable> {
  return new Map(
    Object.entries(start).map(([name, value]) => [
      name,
      tf.tidy(() => tf.variable(tf.tensor(value as number[]), true)),
    ]),
  );
}

/** The gradients of one step, awkward on purpose: large, tiny and zero ones among them. */
function gradientValues(size: number, step: number): number[] {
  return Array.from({ length: size }, (_, i) => (i === 1 ? 0 : Math.sin(3 * step + 5 * i) * 10 ** (i - 3)));
}

function gradients(of: ReadonlyMap<string, tf.Tensor>, step: number): Map<string, tf.Tensor> {
  return new Map(
    [...of].map(([name, tensor]) => [name, tf.tensor(gradientValues(tensor.size, step), tensor.shape)]),
  );
}

/** torch.optim.AdamW's single-tensor step in float64. */
function torchAdamW(initial: readonly number[], weightDecay: number, steps: number): number[] {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  return initial.map((first, i) => {
    let [p, m, v] = [first, 0, 0];
    for (let t = 1; t <= steps; t++) {
      const lr = learningRates[t - 1] ?? 0;
      const g = gradientValues(initial.length, t)[i] ?? 0;
      p *= 1 - lr * weightDecay;
      m += (g - m) * (1 - beta1);
      v = v * beta2 + g * g * (1 - beta2);
      const denominator = Math.sqrt(v) / Math.sqrt(1 - beta2 ** t) + epsilon;
      p -= (lr / (1 - beta1 ** t)) * (m / denominator);
    }
    return p;
  });
}

function run(optimiser: AdamW, of: ReadonlyMap<string, tf.Variable>, from: number, to: number): void {
  for (let step = from; step <= to; step++)
    tf.tidy(() => optimiser.step(gradients(of, step), learningRates[step - 1] ?? 0));
}

describe('AdamW', () => {
  test('takes the steps of PyTorch', () => {
    const of = parameters();
    const optimiser = new AdamW(of, options);
    for (let step = 1; step <= learningRates.length; step++) {
      run(optimiser, of, step, step);
      for (const [name, variable] of of) {
        const initial = [start[name as keyof typeof start]].flat(2);
        const expected = torchAdamW(initial, name === 'layer.bias' ? 0 : 0.1, step);
        expect(
          compare(variable.dataSync(), expected, { atol: 2e-6 }).message,
          `${name} step ${step}`,
        ).toMatch(/^equal/);
      }
    }
    expect(optimiser.steps).toBe(learningRates.length);
  });

  test('moves what someone assigned to a parameter in between, not what it was', () => {
    const of = new Map([['p', tf.variable(tf.tensor([1, 2]))]]);
    const optimiser = new AdamW(of, { weightDecay: 0 });
    const zero = new Map([['p', tf.zeros([2])]]);
    optimiser.step(zero, 0.1);
    of.get('p')?.assign(tf.tensor([5, 6]));
    optimiser.step(zero, 0.1);
    expect([...(of.get('p')?.dataSync() ?? [])]).toEqual([5, 6]);
  });

  test('updates a large parameter alone as it does among others, and holds no second copy of it', () => {
    const size = 2 ** 18;
    const values = tf.randomNormal([size], 0, 1, 'float32', 1);
    const gradient = tf.randomNormal([size], 0, 1, 'float32', 2);
    const [large, half] = [tf.variable(values), tf.variable(tf.slice(values, 0, size / 2))];
    const [alone, packed] = [large, half].map((p) => new AdamW(new Map([['p', p]]), { weightDecay: 0.1 }));
    const bytes = new MemoryLedger().record(() => {
      for (let step = 0; step < 2; step++) alone?.step(new Map([['p', gradient]]), 0.1);
    });
    // Two moments and the parameter; its first values and the gradient were uploaded on the way.
    expect((bytes.at(-1) as number) / (4 * size)).toBeLessThan(5.01);
    const short = new Map([['p', tf.slice(gradient, 0, size / 2)]]);
    for (let step = 0; step < 2; step++) packed?.step(short, 0.1);
    expect(large.dataSync().subarray(0, size / 2)).toEqual(half.dataSync());
  });

  test('stopped, saved and resumed takes the same steps to the last bit', () => {
    const [straight, resumed] = [parameters(), parameters()];
    run(new AdamW(straight, options), straight, 1, 5);
    const stopped = new AdamW(resumed, options);
    run(stopped, resumed, 1, 2);
    const state = stopped.state();
    expect([...state.keys()].slice(0, 3)).toEqual(['steps', 'first.layer.weight', 'first.scale']);
    stopped.dispose();
    const next = new AdamW(resumed, options);
    next.loadState(state);
    run(next, resumed, 3, 5);
    for (const [name, variable] of resumed)
      expect(variable.dataSync()).toEqual(straight.get(name)?.dataSync());
  });

  test('keeps the number of tensors level and frees its own', () => {
    const of = parameters();
    const before = tf.memory().numTensors;
    const optimiser = new AdamW(of, options);
    run(optimiser, of, 1, 1);
    const running = tf.memory().numTensors;
    run(optimiser, of, 2, 5);
    tf.dispose([...optimiser.state().values()]);
    expect(tf.memory().numTensors).toBe(running);
    optimiser.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('names parameters without gradient, gradients without parameter and other shapes, and moves nothing', () => {
    const of = parameters();
    const optimiser = new AdamW(of, options);
    const wrong = gradients(of, 1);
    wrong.delete('scale');
    wrong.set('layer.bias', tf.zeros([3])).set('head.weight', tf.zeros([1]));
    expect(() => optimiser.step(wrong, 0.1)).toThrow(
      /scale is missing; layer.bias has shape \[3\], expected \[2\]; head.weight is unknown/,
    );
    expect(of.get('scale')?.dataSync()[0]).toBe(2);
    expect(optimiser.steps).toBe(0);
  });

  test('refuses a state of other parameters', () => {
    const of = parameters();
    const optimiser = new AdamW(of, options);
    const state = optimiser.state();
    state.delete('first.scale');
    expect(() => optimiser.loadState(state)).toThrow(
      expect.objectContaining({ code: 'bad-optimiser-state' }),
    );
    state.delete('steps');
    expect(() => optimiser.loadState(state)).toThrow('steps is missing');
    const more = new Map([...optimiser.state(), ['third.scale', tf.scalar(0)]]);
    expect(() => optimiser.loadState(more)).toThrow('third.scale is unknown');
  });

  test.each([{ weightDecay: -1 }, { weightDecay: 0, beta1: 2 }, { weightDecay: 0, epsilon: Number.NaN }])(
    'refuses %o',
    (bad) => {
      expect(() => new AdamW(parameters(), bad)).toThrow(expect.objectContaining({ code: 'bad-option' }));
    },
  );
});

describe('the native step and the composite one', () => {
  test('agree, and what was read of the moments stays as it was', () => {
    const constants = { beta1: Math.fround(0.9), beta2: Math.fround(0.999) };
    const both = [new CompositeAdam(1000, constants), new NativeAdam(1000, constants)] as const;
    let vectors = both.map(() => tf.sin(tf.range(0, 1000)) as tf.Tensor1D);
    let early: { first: tf.Tensor1D; second: tf.Tensor1D }[] = [];
    for (let step = 1; step <= 20; step++) {
      const gradient = tf.cos(tf.mul(tf.range(0, 1000), step)) as tf.Tensor1D;
      vectors = both.map((adam, i) =>
        adam.update(vectors[i] as tf.Tensor1D, gradient, { rate: 0.01, epsilon: 1e-8 }),
      );
      if (step === 1) early = both.map((adam) => adam.moments());
    }
    const pairs = [
      vectors,
      both.map((adam) => adam.moments().first),
      both.map((adam) => adam.moments().second),
      early.map(({ first }) => first),
    ];
    for (const [composite, native] of pairs) {
      const result = compare(native?.dataSync() ?? [], composite?.dataSync() ?? [], {
        atol: 1e-6,
        rel_l2: 1e-6,
      });
      expect(result.message).toMatch(/^equal/);
    }
    expect(early[1]?.first.dataSync()[0]).toBeCloseTo(0.1, 6);
  });
});
