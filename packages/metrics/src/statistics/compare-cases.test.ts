import { describe, expect, test } from 'vitest';
import {
  compareCases,
  comparePaired,
  evaluateCase,
  holm,
  macroMean,
  type NamedCase,
  summariseCases,
} from '../index.js';

const labels = [
  { id: 1, name: 'one' },
  { id: 2, name: 'two' },
];
const references: readonly (readonly number[])[] = [
  [1, 1, 1, 0, 2, 2],
  [0, 1, 1, 2, 2, 2],
  [1, 1, 0, 0, 0, 2],
  [1, 1, 1, 1, 0, 0],
];
const good: readonly (readonly number[])[] = [
  [1, 1, 1, 0, 2, 2],
  [0, 1, 1, 2, 2, 0],
  [1, 1, 0, 0, 0, 2],
  [1, 1, 1, 0, 0, 0],
];
const poor: readonly (readonly number[])[] = [
  [1, 0, 0, 0, 0, 2],
  [1, 1, 0, 0, 0, 0],
  [1, 0, 0, 1, 0, 2],
  [0, 1, 0, 0, 0, 2],
];

function evaluated(predictions: readonly (readonly number[])[]): NamedCase[] {
  return predictions.map((prediction, index) => {
    const options = { shape: [1, 1, 6], spacing: [1, 1, 1], labels, lesions: {} };
    const reference = Uint8Array.from(references[index] ?? []);
    return { caseId: `case ${index}`, ...evaluateCase(Uint8Array.from(prediction), reference, options) };
  });
}

const [first, second] = [evaluated(good), evaluated(poor)];

describe('compareCases', () => {
  const comparisons = compareCases(first, second, { metrics: ['dsc', 'hd95Mm'], seed: 3 });

  test('compares every label and the macro average in every metric, as comparePaired does', () => {
    expect(comparisons.map(({ name, metric }) => [metric, name])).toEqual([
      ['dsc', 'one'],
      ['dsc', 'two'],
      ['dsc', null],
      ['hd95Mm', 'one'],
      ['hd95Mm', 'two'],
      ['hd95Mm', null],
    ]);
    const dscOf = (cases: readonly NamedCase[]): (number | null)[] =>
      cases.map((each) => each.labels[0]?.dsc ?? null);
    const expected = comparePaired(dscOf(first), dscOf(second), { seed: 3 });
    expect(comparisons[0]).toEqual({ name: 'one', metric: 'dsc', ...expected, adjustedPValue: 0.75 });
    expect(comparisons[2]?.meanDifference).toBeCloseTo(
      first.reduce((sum, each, i) => {
        const other = second[i] as NamedCase;
        return sum + (macroMean(each, 'dsc') ?? 0) - (macroMean(other, 'dsc') ?? 0);
      }, 0) / 4,
      12,
    );
  });

  test('adjusts for all comparisons of the call', () => {
    expect(comparisons.map(({ adjustedPValue }) => adjustedPValue)).toEqual(
      holm(comparisons.map(({ wilcoxon }) => wilcoxon.pValue)),
    );
    const [alone] = compareCases(first, second, { metrics: ['dsc'] });
    expect(alone?.adjustedPValue).toBeLessThan(comparisons[0]?.adjustedPValue ?? 0);
  });

  test('a pair that a missed label leaves undefined is counted as missing', () => {
    expect(comparisons[4]).toMatchObject({ name: 'two', metric: 'hd95Mm', n: 2, missing: 2 });
  });

  test('matches by case, whatever the order; takes the metrics of the paper by default', () => {
    expect(compareCases(first, second.toReversed(), { metrics: ['dsc', 'hd95Mm'], seed: 3 })).toEqual(
      comparisons,
    );
    expect(new Set(compareCases(first, second).map(({ metric }) => metric))).toEqual(
      new Set(['dsc', 'hd95Mm', 'nsd']),
    );
  });

  test('refuses cases that are not the same, and labels that are not the same', () => {
    expect(() => compareCases(first, second.slice(1))).toThrow(/case "case 0" was evaluated for one/);
    expect(() => compareCases(first.slice(1), second)).toThrow(/case "case 0" was evaluated for one/);
    expect(() => compareCases([...first, ...first], second)).toThrow(/a case occurs twice/);
    const fewer = second.map((each) => ({ ...each, labels: each.labels.slice(1) }));
    expect(() => compareCases(first, fewer)).toThrow(/has the labels two: expected one, two/);
  });
});

describe('summariseCases', () => {
  const summary = summariseCases(second);

  test('counts missed and hallucinated labels over all, and how often an absent label is predicted', () => {
    expect(summary).toMatchObject({ missed: 1, hallucinated: 1, absent: 0 });
    expect(summary.labels.map(({ hallucinationRate }) => hallucinationRate)).toEqual([null, 1]);
  });

  test('pools the lesions of all cases', () => {
    // "one" is one lesion in every case; the third prediction has one more.
    expect(summary.labels[0]?.lesions).toEqual({
      truePositive: 4,
      falsePositive: 1,
      falseNegative: 0,
      f1: 8 / 9,
    });
    expect(summary.labels[0]?.metrics.lesionF1).toMatchObject({ n: 4, mean: (3 + 2 / 3) / 4 });
    expect(summary.labels[0]?.metrics.boundaryIou).toMatchObject({ n: 0, missing: 4 });
    const uncounted = second.map(({ caseId, labels }) => ({
      caseId,
      labels: labels.map(({ lesions, ...rest }) => rest),
    }));
    expect(summariseCases(uncounted).labels[0]).not.toHaveProperty('lesions');
  });
});
