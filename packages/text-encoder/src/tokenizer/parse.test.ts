import { NetworkError } from '@bipvl/nn';
import { describe, expect, test } from 'vitest';
import { bertTokenizer } from './bert-tokenizer.js';
import { parseTokenizer } from './parse.js';
import { createTokenizer } from './tokenizer.js';

const sound = JSON.stringify(bertTokenizer(['tip', '##s'], 512));

/** The sound definition with the value at a dotted path replaced; undefined takes the key away. */
function changed(path: string, value: unknown): unknown {
  const root = JSON.parse(sound) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, root);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return root;
}

function errorOf(value: unknown): NetworkError {
  try {
    parseTokenizer(value);
  } catch (error) {
    if (NetworkError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseTokenizer', () => {
  test('gives back what was written', () => {
    expect(parseTokenizer(JSON.parse(sound))).toEqual(bertTokenizer(['tip', '##s'], 512));
  });

  test('takes special tokens written as objects, and ids of added tokens beyond the vocabulary', async () => {
    const value = changed('tokenizerConfig.pad_token', { __type: 'AddedToken', content: '[PAD]' });
    const definition = parseTokenizer(value);
    const added = [...definition.tokenizerJson.added_tokens, { id: 7, content: '<case>', special: true }];
    const tokenizer = await createTokenizer({
      ...definition,
      tokenizerJson: { ...definition.tokenizerJson, added_tokens: added },
    });
    expect(tokenizer.vocabularySize).toBe(8);
    expect(tokenizer.encode(['tips <case>'], { maxTokens: 8 }).ids).toEqual([[2, 5, 6, 7, 3]]);
  });

  test.each<[string, unknown, string]>([
    ['tokenizerJson', undefined, 'tokenizerJson of the tokenizer: expected an object, received nothing'],
    ['tokenizerConfig', [], 'tokenizerConfig of the tokenizer: expected an object, received []'],
    ['tokenizerJson.model.type', 'BPE', 'model.type of the tokenizer: expected WordPiece, received "BPE"'],
    ['tokenizerJson.normalizer', { type: 'Replace', pattern: { Regex: '(a+)+$' } }, 'normalizer.type'],
    ['tokenizerJson.pre_tokenizer.type', 'Whitespace', 'expected BertPreTokenizer, received "Whitespace"'],
    ['tokenizerJson.post_processor', null, 'post_processor of the tokenizer: expected an object'],
    ['tokenizerJson.model.vocab', ['tip'], 'model.vocab of the tokenizer: expected an object'],
    ['tokenizerJson.model.vocab.tip', 900, 'expected ids from 0 to 6, received 900'],
    ['tokenizerJson.model.vocab.tip', 6, 'expected each id once'],
    ['tokenizerJson.model.vocab.tip', '5', 'expected ids from 0 to 6, received "5"'],
    ['tokenizerJson.model.unk_token', '<unk>', 'model.unk_token'],
    ['tokenizerJson.model.continuing_subword_prefix', undefined, 'continuing_subword_prefix'],
    ['tokenizerJson.added_tokens', undefined, 'added_tokens of the tokenizer: expected a list'],
    ['tokenizerJson.added_tokens.0.content', '', 'added_tokens.0.content'],
    ['tokenizerJson.added_tokens.0.id', undefined, 'expected ids from 0 to 6, received nothing'],
    ['tokenizerConfig.pad_token', undefined, 'tokenizerConfig.pad_token'],
    ['tokenizerConfig.cls_token', '<s>', 'tokenizerConfig.cls_token'],
    ['tokenizerConfig.model_max_length', 0, 'tokenizerConfig.model_max_length'],
  ])('refuses %s = %j and names the key', (path, value, message) => {
    const error = errorOf(changed(path, value));
    expect(error.code).toBe('bad-tokenizer');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
  });

  test('a post-processor that adds no class token is refused when the tokenizer is made', async () => {
    const value = changed('tokenizerJson.post_processor.single', [{ Sequence: { id: 'A', type_id: 0 } }]);
    await expect(createTokenizer(parseTokenizer(value))).rejects.toMatchObject({ code: 'bad-tokenizer' });
  });

  test('what the peer refuses is a typed error too', async () => {
    const value = changed('tokenizerJson.decoder', { type: 'Nonsense' });
    await expect(createTokenizer(parseTokenizer(value))).rejects.toMatchObject({ code: 'bad-tokenizer' });
  });
});
