import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bootstrapMean,
  comparePaired,
  holm,
  rankMethods,
  seededRandom,
  summarise,
  wilcoxonSignedRank,
} from '../index.js';
import { twoSidedTail } from './normal-distribution.js';
import { averageRanks } from './ranks.js';

const few = [2.089, 0.737, 0.396, -1.563, 0.023, -0.055, 0.217, -0.327, 0.256, -0.177, -1.014, 1.185];
const tied = [1, 1, -2, 2, 3, -1, 4, 0, 2, -3];

describe('summarise', () => {
  test('leaves undefined values out and counts them', () => {
    const summary = summarise([0.8, null, 0.9, 0.7, 0.85, null, 0.6]);
    expect(summary).toMatchObject({ n: 5, missing: 2, median: 0.8, min: 0.6, max: 0.9 });
    expect(summary.mean).toBeCloseTo(0.77, 12);
    expect(summary.standardDeviation).toBeCloseTo(0.120415945787923, 12);
  });

  test('of nothing, and of one value', () => {
    expect(summarise([null])).toEqual({
      n: 0,
      missing: 1,
      mean: null,
      median: null,
      standardDeviation: null,
      min: null,
      max: null,
      interval: null,
    });
    expect(summarise([3])).toMatchObject({ mean: 3, median: 3, standardDeviation: null, interval: null });
  });

  test('refuses NaN and infinities', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => summarise([1, value])).toThrow(/expected finite numbers or null/);
    }
  });
});

describe('bootstrapMean', () => {
  test('agrees with scipy.stats.bootstrap (percentile) to the resampling error', () => {
    const interval = bootstrapMean([0.8, 0.9, 0.7, 0.85, 0.6], { resamples: 20_000 });
    expect(interval?.low).toBeCloseTo(0.67, 2);
    expect(interval?.high).toBeCloseTo(0.86, 2);
  });

  test('the same seed draws the same interval, another seed another', () => {
    expect(bootstrapMean(few, { seed: 5 })).toEqual(bootstrapMean(few, { seed: 5 }));
    expect(bootstrapMean(few, { seed: 5 })).not.toEqual(bootstrapMean(few, { seed: 6 }));
    expect(bootstrapMean(few, { random: seededRandom(5) })).toEqual(bootstrapMean(few, { seed: 5 }));
  });

  test('covers the true mean about as often as it says', () => {
    const random = seededRandom(11);
    const trials = 400;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 40 }, random);
      const interval = bootstrapMean(sample, { random, resamples: 300, confidence: 0.9 });
      if (interval !== null && interval.low <= 0.5 && interval.high >= 0.5) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.84);
    expect(covered / trials).toBeLessThan(0.95);
  });

  test('refuses a confidence of 95 and no resamples', () => {
    expect(() => bootstrapMean(few, { confidence: 95 })).toThrow(/confidence is 95/);
    expect(() => bootstrapMean(few, { resamples: 0 })).toThrow(/resamples is 0/);
  });
});

describe('wilcoxonSignedRank against SciPy 1.17', () => {
  test('exact', () => {
    expect(wilcoxonSignedRank(few)).toMatchObject({ statistic: 31, n: 12, method: 'exact' });
    expect(wilcoxonSignedRank(few).pValue).toBeCloseTo(0.5693359375, 12);
  });

  test('normal approximation, with and without ties', () => {
    expect(wilcoxonSignedRank(few, { method: 'normal' }).pValue).toBeCloseTo(0.5302845968336095, 10);
    const result = wilcoxonSignedRank(tied, { method: 'normal' });
    expect(result).toMatchObject({ statistic: 14.5, n: 9 });
    expect(result.pValue).toBeCloseTo(0.3394106920988905, 10);
  });

  test('exact with ties and a zero, as its permutation test', () => {
    expect(wilcoxonSignedRank(tied).pValue).toBeCloseTo(0.40234375, 12);
  });

  test('exact is what enumerating all signs gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }),
        (differences) => {
          const nonZero = differences.filter((difference) => difference !== 0);
          const ranks = averageRanks(nonZero.map(Math.abs));
          const result = wilcoxonSignedRank(differences);
          let atMost = 0;
          for (let signs = 0; signs < 2 ** ranks.length; signs++) {
            const sum = ranks.reduce((total, rank, index) => total + (signs & (1 << index) ? rank : 0), 0);
            if (sum <= result.statistic) atMost++;
          }
          const expected = ranks.length === 0 ? 1 : Math.min(1, (2 * atMost) / 2 ** ranks.length);
          expect(result.pValue).toBeCloseTo(expected, 12);
        },
      ),
    );
  });

  test('the normal tail', () => {
    const tails = [
      [0, 1],
      [0.5, 0.6170750774519738],
      [1.96, 0.04999579029644087],
      [2.9, 0.003731626600768075],
      [4, 6.334248366623973e-5],
      [8, 1.244192114854348e-15],
    ] as const;
    for (const [z, expected] of tails) expect(Math.abs(twoSidedTail(z) / expected - 1)).toBeLessThan(1e-11);
  });
});

describe('comparePaired', () => {
  test('pairs only cases where both methods have a value', () => {
    const comparison = comparePaired([1, 2, null, 4, 6], [0.5, null, 1, 3, 2]);
    expect(comparison).toMatchObject({ n: 3, missing: 2, rankBiserial: 1 });
    expect(comparison.meanDifference).toBeCloseTo(5.5 / 3, 12);
    expect(comparison.wilcoxon.pValue).toBeCloseTo(0.25, 12);
    expect(comparison.cohensDz).toBeCloseTo(5.5 / 3 / Math.sqrt((1.7778 + 0.6944 + 4.6944) / 2), 3);
  });

  test('a method and itself', () => {
    expect(comparePaired(few, few)).toMatchObject({
      meanDifference: 0,
      interval: { low: 0, high: 0 },
      wilcoxon: { pValue: 1, n: 0 },
      rankBiserial: null,
      cohensDz: null,
    });
  });

  test('refuses methods with different numbers of cases', () => {
    expect(() => comparePaired([1], [1, 2])).toThrow(/1 and 2 cases/);
  });
});

describe('holm', () => {
  test('steps down, stays monotone and below 1, in the order given', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.004, 0.9]);
    for (const [index, expected] of [0.04, 0.09, 0.09, 0.02, 0.9].entries()) {
      expect(adjusted[index]).toBeCloseTo(expected, 12);
    }
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('rankMethods', () => {
  test('averages ranks; an undefined value is last', () => {
    const ranks = rankMethods({ a: [0.9, 0.8, null], b: [0.9, 0.7, 0.1], c: [0.1, 0.9, 0.2] }, 'higher');
    expect(ranks).toEqual([
      { method: 'c', meanRank: 5 / 3 },
      { method: 'a', meanRank: 6.5 / 3 },
      { method: 'b', meanRank: 6.5 / 3 },
    ]);
    expect(rankMethods({ a: [3], b: [1] }, 'lower')[0]?.method).toBe('b');
    expect(() => rankMethods({ a: [3], b: [] }, 'lower')).toThrow(/1,0 cases/);
  });
});
