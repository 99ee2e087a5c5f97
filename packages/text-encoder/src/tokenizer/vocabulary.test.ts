import { describe, expect, test } from 'vitest';
import { createTokenizer } from './tokenizer.js';
import { buildVocabulary } from './vocabulary.js';

const texts = ['Rounded tip, 30° wide.', 'Lésion 肝'];

describe('buildVocabulary', () => {
  test('begins with special tokens and the words of the texts, normalised and split as BERT does', async () => {
    const { tokenizerJson } = await buildVocabulary(texts);
    const tokens = Object.entries(tokenizerJson.model.vocab).sort(([, a], [, b]) => a - b);
    const first = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
    const words = [',', '.', '30°', 'lesion', 'rounded', 'tip', 'wide', '肝'];
    expect(tokens.slice(0, 13).map(([token]) => token)).toEqual([...first, ...words]);
    expect(tokens.map(([, id]) => id)).toEqual(tokens.map((_, place) => place));
  });

  test('does not depend on the order of the texts', async () => {
    const [one, two] = [await buildVocabulary(texts), await buildVocabulary([...texts].reverse())];
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  });

  test('leaves no English text unknown, although it saw none', async () => {
    const tokenizer = await createTokenizer(await buildVocabulary([]));
    const unseen = 'The quick (brown) fox jumps over 13 lazy dogs; "why?" – it’s 5 µm × 2°, 100% sure!';
    const { ids } = tokenizer.encode([unseen], { maxTokens: 128 });
    expect(ids[0]).not.toContain(1);
    expect(ids[0]?.length).toBeGreaterThan(50);
  });

  test('keeps words that are keys of every object', async () => {
    const texts = ['constructor toString'];
    const tokenizer = await createTokenizer(await buildVocabulary(texts));
    const { ids } = tokenizer.encode(texts, { maxTokens: 4 });
    expect(new Set(ids[0]).size).toBe(4);
  });

  test('says how many positions the encoder will have', async () => {
    const { tokenizerConfig } = await buildVocabulary(texts, { maxTokens: 64 });
    expect(tokenizerConfig).toMatchObject({ model_max_length: 64, pad_token: '[PAD]' });
  });
});
