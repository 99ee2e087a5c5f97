import { evaluateCase, type NamedCase } from '@bipvl/metrics';
import { describe, expect, test } from 'vitest';
import { caseScores, summariseCases } from './summarise-cases.js';
import { summaryTable } from './summary-table.js';

const labels = [
  { id: 1, name: 'anterior' },
  { id: 4, name: 'posterior' },
];

/** One row of voxels as a case. */
function scored(caseId: string, prediction: number[], reference: number[]): NamedCase {
  const grid = { shape: [1, 1, prediction.length], spacing: [1, 1, 1], labels };
  return { caseId, ...evaluateCase(Uint8Array.from(prediction), Uint8Array.from(reference), grid) };
}

const cases = [
  scored('a', [1, 1, 0, 4], [1, 1, 0, 4]),
  scored('b', [1, 0, 0, 0], [1, 1, 0, 4]),
  scored('c', [0, 0, 4, 0], [0, 0, 0, 0]),
];

describe('summariseCases', () => {
  test('counts what was missed and made up apart from the mean', () => {
    const [anterior, posterior] = summariseCases(cases, labels);
    expect(anterior?.dsc).toMatchObject({ mean: (1 + 2 / 3) / 2, n: 2, missed: 0, hallucinated: 0 });
    expect(posterior?.dsc).toMatchObject({ mean: 0.5, n: 2, missed: 1, hallucinated: 1 });
    expect(posterior?.classId).toBe(4);
    expect(anterior?.dsc.low).toBeGreaterThanOrEqual(2 / 3);
    expect(anterior?.dsc.high).toBeLessThanOrEqual(1);
    expect(posterior?.hd95Mm).toMatchObject({ mean: 0, n: 1, low: null });
  });

  test('the same cases give the same interval', () => {
    expect(summariseCases(cases, labels)).toEqual(summariseCases(cases, labels));
  });
});

test('caseScores keeps volumes in ml and undefined scores null', () => {
  expect(caseScores(cases)[1]).toEqual({
    caseId: 'b',
    classes: [
      {
        classId: 1,
        dsc: 2 / 3,
        hd95Mm: 1,
        nsd: expect.any(Number),
        referenceMl: 0.002,
        predictedMl: 0.001,
        differenceMl: -0.001,
      },
      { classId: 4, dsc: 0, hd95Mm: null, nsd: 0, referenceMl: 0.001, predictedMl: 0, differenceMl: -0.001 },
    ],
  });
});

test('summaryTable prints a row a class without colour codes', () => {
  const lines = summaryTable(summariseCases(cases, labels), labels, { nsdToleranceMm: 2 }).split('\n');
  expect(lines[1]).toMatch(/class .* DSC .* HD95 mm .* NSD 2 mm .* cases .* missed .* made up/);
  expect(lines[3]).toMatch(/anterior .* 0\.833 \(0\.667 to 1\.000\) .* 2 .* 0 .* 0/);
  expect(lines[5]).toMatch(/posterior .* 0\.500 \(0\.000 to 1\.000\) .* 0\.00 /);
  expect(lines.join('')).not.toContain('\u001b');
});
