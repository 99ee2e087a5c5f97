import { loadConceptSet } from '@bipvl/concepts';
import type { NamedCase } from '@bipvl/metrics';
import { evaluateCase } from '@bipvl/metrics';
import { parseSegmenterConfig } from '@bipvl/segmenter';
import { describe, expect, test } from 'vitest';
import type { DemoEvaluation } from './evaluate-demo.js';
import { demoResults } from './results.js';

const labels = [
  { id: 1, name: 'Anterior' },
  { id: 2, name: 'Posterior' },
];

function scored(caseId: string, prediction: number[]): NamedCase {
  const reference = Uint8Array.from([1, 1, 2, 2, 0, 0]);
  return {
    caseId,
    ...evaluateCase(Uint8Array.from(prediction), reference, { shape: [1, 1, 6], spacing: [1, 1, 2], labels }),
  };
}

function evaluation(): DemoEvaluation {
  const config = parseSegmenterConfig({
    method: 'vision-only',
    image: { patch: [16, 16, 16] },
    labels,
    backbone: { name: 'unet' },
  });
  const bundle = {
    segmenter: { config },
    conceptSet: loadConceptSet('msd-hippocampus'),
  } as unknown as DemoEvaluation['withText'];
  return {
    contenders: [
      { key: 'trained', label: 'trained', explanation: '' },
      { key: 'blank_texts', label: 'blank texts', explanation: '' },
      { key: 'no_text', label: 'without text', explanation: '' },
    ],
    results: new Map([
      ['trained', [scored('a', [1, 1, 2, 2, 0, 0]), scored('b', [1, 0, 2, 2, 0, 0])]],
      ['blank_texts', [scored('a', [0, 0, 0, 0, 0, 0]), scored('b', [1, 1, 2, 0, 0, 0])]],
      ['no_text', [scored('a', [1, 1, 2, 2, 0, 0]), scored('b', [1, 1, 2, 2, 0, 0])]],
    ]),
    overlays: [],
    withText: bundle,
    parameters: { withText: 2, noText: 1 },
  };
}

const facts = {
  data: 'hippocampus',
  seed: 1,
  fold: 0,
  steps: 3,
  training_seconds: 10,
  noTextSeconds: 5,
  total_seconds: 20,
  peak_memory_bytes: 1,
} as const;

describe('results.json', () => {
  const results = demoResults(evaluation(), facts);

  test('gives the trained model a mean for each class by its name', () => {
    expect(results.data).toBe('hippocampus');
    expect(results.dsc['Anterior']).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(results.dsc['Posterior']).toBe(1);
    expect(results.hd95_mm['Posterior']).toBe(0);
    expect(results.nsd_1mm['Posterior']).toBe(1);
    expect(results.held_out_cases).toBe(2);
    expect(results.intervals.dsc['Anterior']).toMatchObject({ n: 2, missed: 0 });
  });

  test('keeps the comparisons under other names than those of the trained model', () => {
    expect(Object.keys(results.comparisons)).toEqual(['blank_texts', 'no_text']);
    const text = JSON.stringify(results.comparisons);
    for (const key of ['dsc', 'hd95_mm', 'nsd_1mm']) expect(text).not.toContain(`"${key}"`);
    expect(results.comparisons['blank_texts']?.mean_dice_by_class['Posterior']).toBeCloseTo(1 / 3, 12);
    expect(results.comparisons['no_text']).toMatchObject({ mean_dice: 1, training_seconds: 5 });
  });
});
