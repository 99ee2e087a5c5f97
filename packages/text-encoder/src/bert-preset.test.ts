import { loadEngine } from '@bipvl/engine';
import { RandomStream } from '@bipvl/nn';
import { describe, expect, test } from 'vitest';
import { Bert } from './bert.js';
import { bertPreset } from './bert-preset.js';

describe('bertPreset', () => {
  test('has the parameters of the published miniature', async () => {
    await loadEngine();
    // google/bert_uncased_L-2_H-128_A-2: 4,385,920 parameters with its pooler of 128 x 128 + 128 (Turc et al. 2019).
    const bert = new Bert({ vocabulary: 30522, ...bertPreset('tiny', 2) }, new RandomStream(1));
    expect(bert.parameterCount()).toBe(4_385_920 - 128 * 129);
    expect(bert.stages).toBe(2);
    bert.dispose();
  });

  test('divides twelve layers as the paper does', () => {
    expect(bertPreset('base', 4).stages).toEqual([6, 2, 2, 2]);
    expect(bertPreset('test', 4).stages).toEqual([1, 1, 1, 1]);
  });
});
