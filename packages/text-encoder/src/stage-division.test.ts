import { NetworkError, RandomStream } from '@bipvl/nn';
import { describe, expect, test } from 'vitest';
import { Bert } from './bert.js';
import { stageBounds } from './stage-division.js';

describe('stageBounds', () => {
  test('gives the first layer of each stage and the number of layers', () => {
    expect(stageBounds([6, 2, 2, 2], 12)).toEqual([0, 6, 8, 10, 12]);
    expect(stageBounds([1], 1)).toEqual([0, 1]);
  });

  test.each([
    [[6, 2, 2], 12],
    [[6, 2, 2, 3], 12],
    [[2, 0, 2], 4],
    [[1.5, 2.5], 4],
    [[5, -1], 4],
    [[], 4],
  ])('refuses %j for %i layers, naming both', (division, layers) => {
    const divide = () => stageBounds(division, layers);
    expect(divide).toThrow(NetworkError);
    expect(divide).toThrow(`stages [${division}] do not divide ${layers} layers`);
  });

  test('a BERT is not built with stages that do not hold its layers', () => {
    const build = () =>
      new Bert({ vocabulary: 8, width: 4, layers: 3, heads: 2, stages: [1, 1] }, new RandomStream(0));
    expect(build).toThrow(expect.objectContaining({ code: 'stage-division' }));
  });
});
