import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream, type TextState } from '@bipvl/nn';
import { compare, gradientError } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { BiFusion, type BiFusionOptions } from './bifusion.js';
import { createFusion } from './registry.js';
import { partition, unpartition, windowSides } from './windows.js';

beforeAll(async () => {
  await loadEngine();
});

const uniform = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);
const text = (sentences: number, width: number, seed: number): TextState => ({
  tokens: uniform([sentences, 5, width], seed),
  mask: tf.ones([sentences, 5]),
});
const expectSame = (a: tf.Tensor, b: tf.Tensor, atol = 1e-5): void => {
  expect(compare(a.dataSync(), b.dataSync(), { atol })).toMatchObject({ verdict: 'equal' });
};
const small: BiFusionOptions = { channels: 8, textWidth: 12, heads: 2, hidden: 16, window: 2 };

describe('BiFusion', () => {
  test('has the parameters of the paper for widths 96 to 768 and BERT of 768', () => {
    const counts = [96, 192, 384, 768].map((channels) => {
      const fusion = new BiFusion({ channels, textWidth: 768 }, new RandomStream(1));
      const count = fusion.parameterCount();
      fusion.dispose();
      return count;
    });
    expect(counts).toEqual([1_051_264, 2_318_848, 5_517_568, 13_388_032]);
  });

  test('keeps the shapes of vision and text and changes class tokens only', () => {
    const fusion = new BiFusion(small, new RandomStream(1));
    const [vision, before] = [uniform([2, 4, 6, 2, 8], 1), text(6, 12, 2)];
    const { vision: fused, text: after } = fusion.forward(vision, before, evaluation());
    expect(fused.shape).toEqual(vision.shape);
    expect(after.tokens.shape).toEqual(before.tokens.shape);
    expectSame(tf.slice(after.tokens, [0, 1, 0]), tf.slice(before.tokens, [0, 1, 0]), 0);
    const moved = tf.max(
      tf.abs(
        tf.sub(tf.slice(after.tokens, [0, 0, 0], [6, 1, 12]), tf.slice(before.tokens, [0, 0, 0], [6, 1, 12])),
      ),
    );
    expect(moved.dataSync()[0]).toBeGreaterThan(1e-4);
  });

  test('takes tokens as one window: a grid of one window with the same voxels gives the same', () => {
    for (const visionSelfAttention of ['window', 'none'] as const) {
      const options = { ...small, window: 6, visionSelfAttention };
      const fusion = new BiFusion(options, new RandomStream(1));
      const [vision, before] = [uniform([2, 5, 1, 1, 8], 1), text(4, 12, 2)];
      const grid = fusion.forward(vision, before, evaluation());
      const tokens = fusion.forward(tf.reshape(vision, [2, 5, 8]), before, evaluation());
      expect(tokens.vision.shape).toEqual([2, 5, 8]);
      expectSame(tokens.vision, grid.vision);
      expectSame(tokens.text.tokens, grid.text.tokens);
      // More of them than a window is wide, and a number that no window divides.
      const many = fusion.forward(uniform([1, 13, 8], 3), text(2, 12, 2), evaluation());
      expect(many.vision.shape).toEqual([1, 13, 8]);
      fusion.dispose();
    }
  });

  test('is a set operation on the classes: permuting them leaves vision as it is and permutes the text', () => {
    const fusion = new BiFusion(small, new RandomStream(1));
    const [vision, before] = [uniform([1, 4, 4, 4, 8], 1), text(3, 12, 2)];
    const order = [2, 0, 1];
    const permuted = {
      tokens: tf.stack(order.map((i) => tf.unstack(before.tokens)[i] as tf.Tensor)),
      mask: before.mask,
    };
    const plain = fusion.forward(vision, before, evaluation());
    const swapped = fusion.forward(vision, permuted, evaluation());
    expectSame(swapped.vision, plain.vision);
    expectSame(
      swapped.text.tokens,
      tf.stack(order.map((i) => tf.unstack(plain.text.tokens)[i] as tf.Tensor)),
    );
  });

  test('a batch of two images equals two single runs; texts of different images never mix', () => {
    const fusion = new BiFusion(small, new RandomStream(1));
    const [vision, both] = [uniform([2, 4, 2, 4, 8], 1), text(4, 12, 2)];
    const together = fusion.forward(vision, both, evaluation());
    const singles = [0, 1].map((image) => {
      const own = {
        tokens: tf.slice(both.tokens, [2 * image, 0, 0], [2, 5, 12]),
        mask: tf.slice(both.mask, [2 * image, 0], [2, 5]),
      };
      return fusion.forward(tf.slice(vision, [image, 0, 0, 0, 0], [1, 4, 2, 4, 8]), own, evaluation());
    });
    expectSame(together.vision, tf.concat(singles.map((single) => single.vision)));
    expectSame(together.text.tokens, tf.concat(singles.map((single) => single.text.tokens)));
  });

  test('gradients agree with finite differences, for every way vision may attend', () => {
    for (const visionSelfAttention of ['window', 'dense', 'none'] as const) {
      const fusion = new BiFusion({ ...small, visionSelfAttention }, new RandomStream(3));
      const mask = tf.ones([2, 5]);
      const f = (vision: tf.Tensor, tokens: tf.Tensor): tf.Tensor => {
        const fused = fusion.forward(vision, { tokens, mask }, evaluation());
        return tf.concat([tf.reshape(fused.vision, [-1]), tf.reshape(fused.text.tokens, [-1])]);
      };
      expect(gradientError(f, [uniform([1, 2, 4, 2, 8], 1), uniform([2, 5, 12], 2)])).toBeLessThan(5e-3);
    }
  });

  test('every parameter gets a gradient, and every one is reachable', () => {
    const before = tf.memory().numTensors;
    const fusion = new BiFusion(small, new RandomStream(1));
    expect(fusion.parameters().size).toBe(tf.memory().numTensors - before);
    const state = text(2, 12, 2);
    const vision = uniform([1, 4, 4, 4, 8], 1);
    const { grads } = tf.variableGrads(() => {
      const fused = fusion.forward(vision, state, evaluation());
      return tf.add(tf.sum(tf.square(fused.vision)), tf.sum(tf.square(fused.text.tokens)));
    }, [...fusion.parameters().values()]);
    expect(Object.keys(grads)).toHaveLength(fusion.parameters().size);
  });

  test('the ablation switches do what they say', () => {
    const [vision, state] = [uniform([1, 2, 2, 2, 8], 1), text(2, 12, 2)];
    const zero = new BiFusion(
      { ...small, zeroInitialised: true, visionSelfAttention: 'none' },
      new RandomStream(1),
    );
    expectSame(zero.forward(vision, state, evaluation()).vision, vision, 0);
    const closed = new BiFusion({ ...small, returnsText: false }, new RandomStream(1));
    expectSame(closed.forward(vision, state, evaluation()).text.tokens, state.tokens, 0);
    expect(closed.textUp).toBeUndefined();
  });

  test('refuses heads that do not divide half the width, and unknown names, with the mend', () => {
    expect(() => new BiFusion({ ...small, heads: 3 }, new RandomStream(1))).toThrow(
      /no multiple of its 3 heads/,
    );
    expect(() => createFusion('bifusoin' as 'bifusion', small, new RandomStream(1))).toThrow(
      /expected one of: bifusion/,
    );
  });
});

describe('windows', () => {
  test('are the largest that divide each side', () => {
    expect(windowSides([24, 12, 6], 6)).toEqual([6, 6, 6]);
    expect(windowSides([3, 8, 32], 6)).toEqual([3, 4, 4]);
    expect(windowSides([7, 25, 9], Infinity)).toEqual([7, 25, 9]);
    expect(() => windowSides([7, 4, 4], 6)).toThrow(/divides the grid \[7,4,4\]/);
  });

  test('hold the voxels of their box, and go back where they came from', () => {
    const grid = tf.reshape(tf.range(0, 2 * 4 * 6 * 2 * 3), [2, 4, 6, 2, 3]) as tf.Tensor5D;
    const windows = partition(grid, [2, 3, 2]);
    expect(windows.shape).toEqual([2 * 2 * 2 * 1, 12, 3]);
    const second = tf.reshape(tf.slice(grid, [0, 0, 3, 0, 0], [1, 2, 3, 2, 3]), [12, 3]);
    expectSame(tf.reshape(tf.slice(windows, [1, 0, 0], [1, 12, 3]), [12, 3]), second, 0);
    expectSame(unpartition(windows, grid.shape, [2, 3, 2]), grid, 0);
  });
});
