import { describe, expect, test } from 'vitest';
import { evaluateCase, type NamedCase, summariseCases, worstCases } from '../index.js';

const labels = [
  { id: 1, name: 'one' },
  { id: 2, name: 'two' },
];

function caseOf(caseId: string, prediction: readonly number[], reference: readonly number[]): NamedCase {
  const options = { shape: [1, 1, prediction.length], spacing: [1, 1, 1], labels };
  return { caseId, ...evaluateCase(Uint8Array.from(prediction), Uint8Array.from(reference), options) };
}

const cases = [
  caseOf('perfect', [1, 1, 2, 2, 0], [1, 1, 2, 2, 0]),
  caseOf('missed', [1, 1, 0, 0, 0], [1, 0, 2, 2, 0]),
  caseOf('hallucinated', [1, 1, 0, 0, 2], [1, 1, 0, 0, 0]),
  caseOf('absent', [0, 1, 0, 0, 0], [1, 1, 0, 0, 0]),
];

describe('summariseCases', () => {
  const summary = summariseCases(cases);

  test('counts what is missed, hallucinated and absent, and averages the rest', () => {
    expect(summary.cases).toBe(4);
    expect(summary.labels.map(({ name }) => name)).toEqual(['one', 'two']);
    const two = summary.labels[1];
    expect(two).toMatchObject({ missed: 1, hallucinated: 1, absent: 1 });
    expect(two?.metrics.dsc).toMatchObject({ n: 2, missing: 2, mean: 0.5 });
    expect(two?.metrics.hd95Mm).toMatchObject({ n: 1, missing: 3, mean: 0 });
    expect(two?.metrics.hd95PenalisedMm).toMatchObject({ n: 2, max: Math.hypot(1, 1, 5) });
    expect(two?.metrics.nsd).toMatchObject({ n: 3, missing: 1 });
  });

  test('the macro average is over the labels with a value in a case, then over cases', () => {
    const perCase = [1, (2 / 3 + 0) / 2, 1, 2 / 3];
    expect(summary.macro.dsc.n).toBe(4);
    expect(summary.macro.dsc.mean).toBeCloseTo(perCase.reduce((a, b) => a + b, 0) / 4, 12);
  });

  test('no case at all has nothing but zeros and nulls', () => {
    expect(summariseCases([])).toMatchObject({ cases: 0, labels: [], macro: { dsc: { n: 0, mean: null } } });
  });

  test('refuses cases with different labels, naming the case', () => {
    const [first] = cases;
    const other = { caseId: 'other', labels: first?.labels.slice(1) ?? [] };
    expect(() => summariseCases([...cases, other])).toThrow(
      /case "other" has the labels two: expected one, two/,
    );
  });
});

describe('worstCases', () => {
  test('lowest DSC first', () => {
    expect(worstCases(cases, 'dsc', 2)).toEqual([
      { caseId: 'missed', name: 'two', value: 0 },
      { caseId: 'missed', name: 'one', value: 2 / 3 },
    ]);
  });

  test('largest penalised distance first', () => {
    expect(worstCases(cases, 'hd95PenalisedMm', 1)).toEqual([
      { caseId: 'missed', name: 'two', value: Math.hypot(1, 1, 5) },
    ]);
  });

  test('largest volume error of either sign first', () => {
    expect(worstCases(cases, 'volumeDifferenceMl', 1)).toEqual([
      { caseId: 'missed', name: 'two', value: -0.002 },
    ]);
  });
});
