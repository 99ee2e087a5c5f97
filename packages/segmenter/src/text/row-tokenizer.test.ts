import { encoderTexts, loadConceptSet } from '@bipvl/concepts';
import { describe, expect, test } from 'vitest';
import { rowTokenizer, textsOf } from './row-tokenizer.js';

const set = loadConceptSet('msd-hippocampus');
const labels = [
  { id: 2, name: 'posterior hippocampus' },
  { id: 1, name: 'anterior hippocampus' },
];

describe('textsOf', () => {
  test('has the sentences in the order of the labels first, and every text once', () => {
    const texts = textsOf(set, labels);
    expect(texts.slice(0, 2)).toEqual([...encoderTexts(set).sentences].reverse());
    expect(new Set(texts).size).toBe(texts.length);
    for (const concept of encoderTexts(set).concepts.flat()) expect(texts).toContain(concept);
  });
});

describe('rowTokenizer', () => {
  test('gives each text its row as its only token', () => {
    const tokenizer = rowTokenizer(['one', 'two']);
    expect(tokenizer.encode(['two', 'one', 'two'], { maxTokens: 1 })).toEqual({
      ids: [[1], [0], [1]],
      mask: [[1], [1], [1]],
    });
  });

  test('a text without a row is a typed error that names it', () => {
    const encode = () => rowTokenizer(['one']).encode(['', 'three'], { maxTokens: 1 });
    expect(encode).toThrow(expect.objectContaining({ code: 'unknown-text' }));
    expect(() => rowTokenizer(['']).encode(['three'], { maxTokens: 1 })).toThrow("'three'");
  });
});
