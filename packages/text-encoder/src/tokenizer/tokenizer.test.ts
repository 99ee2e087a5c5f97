import { NetworkError } from '@bipvl/nn';
import { beforeAll, describe, expect, test } from 'vitest';
import wordPiece from './__fixtures__/word-piece.json' with { type: 'json' };
import type { TokenizerDefinition } from './definition.js';
import { loadBertTokenizer } from './load-bert-tokenizer.js';
import { createTokenizer, type Tokenizer } from './tokenizer.js';
import { buildVocabulary } from './vocabulary.js';

let definition: TokenizerDefinition;
let tokenizer: Tokenizer;
let tokens: string[];

beforeAll(async () => {
  definition = await buildVocabulary(wordPiece.vocabulary);
  tokenizer = await createTokenizer(definition);
  tokens = [];
  for (const [token, id] of Object.entries(definition.tokenizerJson.model.vocab)) tokens[id] = token;
});

function tokensOf(text: string): (string | undefined)[] {
  const { ids } = tokenizer.encode([text], { maxTokens: 512 });
  return (ids[0] ?? []).map((id) => tokens[id]);
}

async function errorOf(work: () => unknown): Promise<NetworkError> {
  try {
    await work();
  } catch (error) {
    if (NetworkError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('tokenizer', () => {
  test.each(wordPiece.tokens)('splits $text as Python tokenizers does', ({ text, tokens: expected }) => {
    expect(tokensOf(text)).toEqual(expected);
  });

  test('an empty text is class token and separator', () => {
    expect(tokensOf('')).toEqual(['[CLS]', '[SEP]']);
    expect(tokenizer.encode(['', ''], { maxTokens: 2 })).toEqual({
      ids: [
        [2, 3],
        [2, 3],
      ],
      mask: [
        [1, 1],
        [1, 1],
      ],
      length: 2,
    });
  });

  test('pads to the longest text of the call and masks the padding', () => {
    const { ids, mask, length } = tokenizer.encode(['tip', 'rounded tip'], { maxTokens: 64 });
    expect(length).toBe(4);
    expect(ids.map((row) => row.map((id) => tokens[id]))).toEqual([
      ['[CLS]', 'tip', '[SEP]', '[PAD]'],
      ['[CLS]', 'rounded', 'tip', '[SEP]'],
    ]);
    expect(mask).toEqual([
      [1, 1, 1, 0],
      [1, 1, 1, 1],
    ]);
  });

  test('a text at the cap passes, one token more is an error that names it', async () => {
    const text = 'rounded tip curling medially into the uncus in front';
    expect(tokenizer.encode([text], { maxTokens: 11 }).length).toBe(11);
    const error = await errorOf(() => tokenizer.encode(['tip', text], { maxTokens: 10 }));
    expect(error).toMatchObject({ code: 'text-too-long', kind: 'data' });
    expect(error.message).toBe(
      'text "rounded tip curling medially into the uncus in ..." has 11 tokens, expected at most 10',
    );
  });

  test('refuses no texts and a cap that is none', async () => {
    expect((await errorOf(() => tokenizer.encode([], { maxTokens: 8 }))).code).toBe('no-texts');
    for (const maxTokens of [Number.NaN, 1, 7.5]) {
      expect((await errorOf(() => tokenizer.encode(['tip'], { maxTokens }))).code).toBe('bad-cap');
    }
  });

  test('every id is a row of an embedding table of vocabularySize', () => {
    const { ids } = tokenizer.encode(
      wordPiece.tokens.map(({ text }) => text),
      { maxTokens: 512 },
    );
    expect(Math.max(...ids.flat())).toBeLessThan(tokenizer.vocabularySize);
    expect(tokenizer.vocabularySize).toBe(tokens.length);
  });
});

describe('identity of a tokenizer', () => {
  test('is the same whatever the order of keys, and another for another vocabulary', async () => {
    const { tokenizerJson, tokenizerConfig } = definition;
    const reordered = Object.fromEntries(Object.entries(tokenizerJson).reverse()) as typeof tokenizerJson;
    expect((await createTokenizer({ tokenizerJson: reordered, tokenizerConfig })).id).toBe(tokenizer.id);
    expect(tokenizer.id).toMatch(/^[0-9a-f]{64}$/);
    const other = await createTokenizer(await buildVocabulary([...wordPiece.vocabulary, 'liver']));
    expect(other.id).not.toBe(tokenizer.id);
  });
});

describe('another implementation of WordPiece', () => {
  test('is used instead of the peer', async () => {
    const own = { encode: (text: string) => (text === '' ? [2, 3] : [2, 7, 3]) };
    const passed = await createTokenizer({ ...definition, wordPiece: own });
    expect(passed.encode(['whatever'], { maxTokens: 8 }).ids).toEqual([[2, 7, 3]]);
    expect(passed.id).toBe(tokenizer.id);
  });

  test('is refused when it does not begin with the class token', async () => {
    const bare = { encode: () => [] };
    const error = await errorOf(() => createTokenizer({ ...definition, wordPiece: bare }));
    expect(error.code).toBe('bad-tokenizer');
    expect(error.message).toContain('expected class token and separator [2,3]');
  });

  test('a peer that is not installed is a typed error with the command that mends it', async () => {
    const absent = () => Promise.reject(new Error("Cannot find package '@xenova/transformers'"));
    const error = await errorOf(() => loadBertTokenizer(absent));
    expect(error).toMatchObject({ code: 'missing-peer', kind: 'resource' });
    expect(error.hint).toContain('npm i @xenova/transformers');
  });
});
