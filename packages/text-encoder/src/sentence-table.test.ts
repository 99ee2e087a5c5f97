import { loadEngine } from '@bipvl/engine';
import { RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { classTokens } from './pooling.js';
import { SentenceTable } from './sentence-table.js';

let table: SentenceTable;

beforeAll(async () => {
  await loadEngine();
  table = new SentenceTable({ texts: 3, width: 2, stages: 2 }, new RandomStream(1));
  table.vectors.weight.assign(
    tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  );
});

const matrix = (rows: number[][]) => tf.tensor2d(rows, undefined, 'int32');

describe('SentenceTable', () => {
  test('gives each text its row, and every stage leaves it', () => {
    let state = table.embed(matrix([[2], [0], [2]]), matrix([[1], [1], [1]]));
    for (const n of [0, 1]) state = table.stage(n, state);
    expect(classTokens(state).arraySync()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    expect(state.mask.arraySync()).toEqual([[1], [1], [1]]);
  });

  test('is saved and never trained', () => {
    expect([...table.state().keys()]).toEqual(['vectors.weight']);
    expect(table.parameters().size).toBe(0);
  });

  test('a row or a stage that does not exist is a typed error', () => {
    const state = table.embed(matrix([[0]]), matrix([[1]]));
    expect(() => table.embed(matrix([[3]]), matrix([[1]]))).toThrow(
      expect.objectContaining({ code: 'id-out-of-range' }),
    );
    for (const n of [-1, 2, 0.5]) {
      expect(() => table.stage(n, state)).toThrow(expect.objectContaining({ code: 'no-such-stage' }));
    }
  });

  test('a stage lets gradients through', () => {
    const mask = tf.ones([1, 1]);
    const gradient = tf.grad((tokens) => tf.sum(tf.square(table.stage(1, { tokens, mask }).tokens)))(
      tf.tensor3d([[[2, 3]]]),
    );
    expect(gradient.arraySync()).toEqual([[[4, 6]]]);
  });
});
