import { loadEngine } from '@bipvl/engine';
import { type Context, evaluation, RandomStream, type TextState, training } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Bert } from './bert.js';
import { classTokens } from './pooling.js';

const options = { vocabulary: 30, width: 16, layers: 5, heads: 2, positions: 12, stages: [2, 1, 1, 1] };
const [short, long] = [
  [2, 9, 17, 3],
  [2, 11, 25, 8, 14, 3],
];
let bert: Bert;

beforeAll(async () => {
  await loadEngine();
  bert = new Bert(options, new RandomStream(7));
});

/** Ids and mask [M, length] of the texts, padded with id 0. */
function batch(texts: readonly number[][], length: number): [tf.Tensor2D, tf.Tensor2D] {
  const rows = texts.map((ids) => Array.from({ length }, (_, place) => ids[place] ?? 0));
  const mask = texts.map((ids) => Array.from({ length }, (_, place) => (place < ids.length ? 1 : 0)));
  return [tf.tensor2d(rows, undefined, 'int32'), tf.tensor2d(mask, undefined, 'int32')];
}

/** Tokens [L, H] of one text of a batch without its padding. */
function valid({ tokens }: TextState, text: number, length: number): Float32Array {
  return tf.slice(tokens, [text, 0, 0], [1, length, -1]).dataSync() as Float32Array;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}

describe('Bert', () => {
  test('embeds to [M, L, H] and keeps the shape at every stage', () => {
    let state = bert.embed(...batch([short, long], 6), evaluation());
    expect(bert.stages).toBe(4);
    for (let n = 0; n < bert.stages; n++) {
      expect(state.tokens.shape).toEqual([2, 6, 16]);
      state = bert.stage(n, state, evaluation());
    }
    expect(classTokens(state).shape).toEqual([2, 16]);
  });

  test('the stages in a row are encode, and each of them changes the tokens', () => {
    const input = batch([short, long], 6);
    let state = bert.embed(...input, evaluation());
    for (let n = 0; n < bert.stages; n++) {
      const next = bert.stage(n, state, evaluation());
      expect(largestDifference(valid(state, 0, 4), valid(next, 0, 4))).toBeGreaterThan(0.01);
      state = next;
    }
    expect(bert.encode(...input, evaluation()).tokens.dataSync()).toEqual(state.tokens.dataSync());
  });

  test('a stage that does not exist is a typed error', () => {
    const state = bert.embed(...batch([short], 4), evaluation());
    for (const n of [-1, 4, 0.5]) {
      expect(() => bert.stage(n, state, evaluation())).toThrow(
        expect.objectContaining({ code: 'no-such-stage' }),
      );
    }
  });

  test('texts longer than the position table and unknown ids are typed errors', () => {
    const tooLong = batch([Array.from({ length: 13 }, () => 5)], 13);
    const unknown = batch([[2, 30, 3]], 3);
    for (const input of [tooLong, unknown]) {
      expect(() => bert.embed(...input, evaluation())).toThrow(
        expect.objectContaining({ code: 'id-out-of-range' }),
      );
    }
  });

  test('padding does not change the states of the tokens', () => {
    const tight = bert.encode(...batch([short], 4), evaluation());
    const padded = bert.encode(...batch([short], 11), evaluation());
    expect(largestDifference(valid(padded, 0, 4), valid(tight, 0, 4))).toBeLessThan(1e-5);
  });

  test('the ids under the mask do not matter, those above it do', () => {
    const [ids, mask] = batch([short], 6);
    const padding = tf.tensor2d([[2, 9, 17, 3, 21, 22]], undefined, 'int32');
    const word = tf.tensor2d([[2, 9, 18, 3, 0, 0]], undefined, 'int32');
    const states = [ids, padding, word].map((each) => valid(bert.encode(each, mask, evaluation()), 0, 1));
    const [plain, otherPadding, otherWord] = states as [Float32Array, Float32Array, Float32Array];
    expect(largestDifference(otherPadding, plain)).toBeLessThan(1e-6);
    expect(largestDifference(otherWord, plain)).toBeGreaterThan(0.001);
  });

  test('a mask of nothing gives finite states', () => {
    const [ids] = batch([short], 4);
    const { tokens } = bert.encode(ids, tf.zeros([1, 4], 'int32'), evaluation());
    expect(tokens.dataSync().every(Number.isFinite)).toBe(true);
  });

  test('two texts at once are as two passes', () => {
    const both = bert.encode(...batch([short, long], 6), evaluation());
    [short, long].forEach((ids, text) => {
      const alone = bert.encode(...batch([ids], 6), evaluation());
      expect(largestDifference(valid(both, text, ids.length), valid(alone, 0, ids.length))).toBeLessThan(
        1e-5,
      );
    });
  });

  test('segment ids move the embedding', () => {
    const [ids, mask] = batch([short], 4);
    const [first, second] = [0, 1].map((type) =>
      valid(bert.embed(ids, mask, evaluation(), tf.fill([1, 4], type, 'int32')), 0, 4),
    ) as [Float32Array, Float32Array];
    expect(valid(bert.embed(ids, mask, evaluation()), 0, 4)).toEqual(first);
    expect(largestDifference(first, second)).toBeGreaterThan(0.01);
  });
});

describe('Bert in training', () => {
  const pass = (seed: number, step: number) =>
    valid(bert.encode(...batch([long], 6), training(seed, step)), 0, 6);

  test('dropout is a function of seed and step', () => {
    expect(pass(3, 5)).toEqual(pass(3, 5));
    expect(largestDifference(pass(3, 5), pass(3, 6))).toBeGreaterThan(0.01);
    expect(largestDifference(pass(3, 5), pass(4, 5))).toBeGreaterThan(0.01);
  });

  test('dropout stays out of evaluation, and rate 0 is none', () => {
    const plain = valid(bert.encode(...batch([long], 6), evaluation()), 0, 6);
    expect(largestDifference(pass(3, 5), plain)).toBeGreaterThan(0.01);
    const sure = new Bert({ ...options, dropout: 0 }, new RandomStream(7));
    expect(valid(sure.encode(...batch([long], 6), training(3, 5)), 0, 6)).toEqual(plain);
  });

  test('layers do not share a mask', () => {
    const twins = new Bert({ ...options, layers: 2, stages: [1, 1] }, new RandomStream(7));
    const [first, second] = twins.layers.map((layer) => [...layer.state().values()]);
    first?.forEach((value, i) => void second?.[i]?.assign(value as tf.Tensor));
    const state = twins.embed(...batch([long], 6), evaluation());
    const difference = (context: Context) => {
      const [one, other] = [0, 1].map((n) => valid(twins.stage(n, state, context), 0, 6));
      return largestDifference(one as Float32Array, other as Float32Array);
    };
    expect(difference(evaluation())).toBe(0);
    expect(difference(training(1, 1))).toBeGreaterThan(0.01);
  });

  test('every parameter gets a gradient from the class tokens, but for the biases of keys', () => {
    const weights = tf.randomNormal([2, 16], 0, 1, 'float32', 4);
    const objective = (): tf.Scalar =>
      tf.sum(tf.mul(classTokens(bert.encode(...batch([short, long], 6), evaluation())), weights));
    const parameters = bert.parameters();
    const { grads } = tf.variableGrads(objective, [...parameters.values()]);
    const still = [...parameters].flatMap(([name, { name: key }]) => {
      const gradient = grads[key];
      const largest = gradient === undefined ? 0 : Math.max(...tf.abs(gradient).dataSync());
      return largest > 1e-6 ? [] : [name];
    });
    // A bias of the keys adds the same to all scores of a query, which the softmax takes out again.
    expect(still).toEqual([0, 1, 2, 3, 4].map((layer) => `layers.${layer}.attention.key.bias`));
  });
});

describe('tensors of Bert', () => {
  test('are all its state, and go when it is disposed', () => {
    const before = tf.memory().numTensors;
    const other = new Bert(options, new RandomStream(1));
    expect(tf.memory().numTensors - before).toBe(other.state().size);
    expect(other.parameters().size).toBe(3 + 2 + 5 * 16);
    other.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a pass leaves its result alone behind, and does not take the inputs', () => {
    const [ids, mask] = batch([short, long], 6);
    const before = tf.memory().numTensors;
    const states = [bert.encode(ids, mask, training(1, 1)), bert.embed(ids, mask, evaluation())];
    expect(tf.memory().numTensors - before).toBe(4);
    tf.dispose(states);
    expect(tf.memory().numTensors).toBe(before);
    expect(ids.isDisposed || mask.isDisposed).toBe(false);
  });

  test('a state outlives the stage that took it', () => {
    const first = bert.embed(...batch([short], 4), evaluation());
    const second = bert.stage(0, first, evaluation());
    tf.dispose(first);
    expect(bert.stage(1, second, evaluation()).tokens.shape).toEqual([1, 4, 16]);
  });

  test('the same seed gives the same weights', () => {
    const [one, same, other] = [5, 5, 6].map((seed) => new Bert(options, new RandomStream(seed)));
    const words = (encoder: Bert | undefined) => encoder?.words.weight.dataSync();
    expect(words(same)).toEqual(words(one));
    expect(words(other)).not.toEqual(words(one));
  });
});
