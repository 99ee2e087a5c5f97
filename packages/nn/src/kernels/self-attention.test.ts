import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RandomStream } from '../random-stream.js';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import type { AttentionRegions } from './attention-scores.js';
import { type SelfAttentionTerms, selfAttention } from './self-attention.js';

beforeAll(async () => {
  await loadEngine();
});

let tensors = 0;
beforeEach(() => {
  tf.engine().startScope();
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  tf.engine().endScope();
  expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors);
});

const uniform = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);
const expectSame = (a: tf.Tensor, b: tf.Tensor): void => {
  expect(a.shape).toEqual(b.shape);
  const verdict = compare(a.dataSync(), b.dataSync(), { atol: 2e-5 });
  expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
};

/** The definition, all scores at once. */
function whole(qkv: tf.Tensor, heads: number, bias?: tf.Tensor, mask?: tf.Tensor): tf.Tensor {
  const [groups, tokens, width] = qkv.shape as [number, number, number];
  const batch = groups / (3 * heads);
  const [q, k, v] = tf.split(tf.reshape(qkv, [3 * heads, batch, tokens, width]), 3) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  let scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(width));
  if (bias) scores = tf.add(scores, tf.expandDims(bias, 1));
  if (mask) scores = tf.add(scores, mask);
  return tf.reshape(tf.matMul(tf.softmax(scores), v), [heads * batch, tokens, width]);
}

/** Batch of 4: two windows of two regions each, kind 0 between them; and what that adds to the scores, by hand. */
const regions: AttentionRegions = {
  kinds: Int32Array.from([0, 1, 0, 2]),
  labels: Int32Array.from([7, 7, 7, 1, 2, 2, 1, 2, 1]),
};
const mask = () => {
  const far = -100;
  const none = [0, 0, 0];
  const open = [none, none, none];
  const one = [
    [0, far, far],
    [far, 0, 0],
    [far, 0, 0],
  ];
  const two = [
    [0, far, 0],
    [far, 0, far],
    [0, far, 0],
  ];
  return tf.tensor3d([open, one, open, two]);
};

/** All at once, several entries, one entry, one row of scores, and chunks that do not divide the batch. */
const cuts = [2 ** 21, 2 * 9, 9, 3, 3 * 9, 6];

describe('self-attention in chunks', () => {
  test.each(cuts)('%d scores at a time equal the definition, values and gradients', (scores) => {
    for (const [batch, heads, tokens, width] of [
      [4, 2, 3, 2],
      [1, 1, 3, 4],
      [3, 3, 1, 5],
    ] as const) {
      const qkv = uniform([3 * heads * batch, tokens, width], 1) as tf.Tensor3D;
      const bias = uniform([heads, tokens, tokens], 2);
      expectSame(selfAttention(qkv, heads, { scores }), whole(qkv, heads));
      const masked = batch === 4;
      const ours = (x: tf.Tensor, b: tf.Tensor) =>
        selfAttention(x as tf.Tensor3D, heads, { bias: b, scores, regions: masked ? regions : undefined });
      const theirs = (x: tf.Tensor, b: tf.Tensor) => whole(x, heads, b, masked ? mask() : undefined);
      expectSame(ours(qkv, bias), theirs(qkv, bias));
      const weights = uniform([heads * batch, tokens, width], 3);
      const [mine, plain] = [ours, theirs].map((f) =>
        tf.grads((x, b) => tf.sum(tf.mul(f(x as tf.Tensor, b as tf.Tensor), weights)))([qkv, bias]),
      ) as [tf.Tensor[], tf.Tensor[]];
      for (const [index, gradient] of mine.entries()) expectSame(gradient, plain[index] as tf.Tensor);
    }
  });

  test('gradients by finite differences, with and without a bias', () => {
    const [qkv, bias] = [uniform([12, 5, 3], 4), uniform([2, 5, 5], 5)];
    const biased = (x: tf.Tensor, b: tf.Tensor) =>
      selfAttention(x as tf.Tensor3D, 2, { bias: b, scores: 10 });
    expect(gradientError(biased as never, [qkv, bias])).toBeLessThan(2e-3);
    const plain = (x: tf.Tensor) => selfAttention(x as tf.Tensor3D, 2, { scores: 25 });
    expect(gradientError(plain as never, [qkv])).toBeLessThan(2e-3);
  });

  test('kinds repeat where the batch is several images', () => {
    const qkv = uniform([3 * 8, 3, 2], 6) as tf.Tensor3D;
    const parts = tf.split(tf.reshape(qkv, [3, 2, 4, 3, 2]), 2, 1);
    const single = parts.map((part) =>
      selfAttention(tf.reshape(part, [12, 3, 2]) as tf.Tensor3D, 1, { regions, scores: 27 }),
    );
    expectSame(selfAttention(qkv, 1, { regions, scores: 27 }), tf.concat(single));
  });

  test('dropout drops the same in both passes, and keeps the mean', () => {
    const terms: SelfAttentionTerms = { dropout: { rate: 0.4, random: new RandomStream(3) }, scores: 32 };
    const f = (x: tf.Tensor) => selfAttention(x as tf.Tensor3D, 2, terms);
    expect(gradientError(f as never, [uniform([24, 4, 3], 7)])).toBeLessThan(2e-3);
    // Values of one: a row of the result is the sum of its kept and scaled probabilities.
    const [q, k] = [uniform([200, 16, 4], 8), uniform([200, 16, 4], 9)];
    const ones = tf.concat([q, k, tf.ones([200, 16, 4])]) as tf.Tensor3D;
    const dropped = selfAttention(ones, 1, { ...terms, scores: 2 ** 21 });
    expect(tf.mean(dropped).dataSync()[0]).toBeCloseTo(1, 1);
    expect(tf.moments(dropped).variance.dataSync()[0]).toBeGreaterThan(0.01);
    expectSame(
      selfAttention(ones, 1, { dropout: { rate: 0, random: new RandomStream(3) } }),
      tf.ones([200, 16, 4]),
    );
  });
});
