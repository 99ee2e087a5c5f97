import { NetworkError } from '@bipvl/nn';
import type { TokenizerDefinition } from './definition.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks that a parsed JSON value `{ tokenizerJson, tokenizerConfig }` is a BERT tokenizer: WordPiece after BERT's normaliser and splitting,
 * ids 0 to n - 1 each once, and a class, separator and padding token among them.
 * @throws NetworkError `bad-tokenizer` naming the key.
 */
export function parseTokenizer(value: unknown): TokenizerDefinition {
  const { tokenizerJson, tokenizerConfig } = fields(value, 'tokenizer');
  const json = fields(tokenizerJson, 'tokenizerJson');
  const config = fields(tokenizerConfig, 'tokenizerConfig');
  checkPipeline(json);
  checkAddedTokens(json['added_tokens']);
  const model = fields(json['model'], 'model');
  fields(model['vocab'], 'model.vocab');
  expect(typeof model['continuing_subword_prefix'] === 'string', 'model.continuing_subword_prefix', 'a text');
  expect(Number(config['model_max_length']) > 0, 'tokenizerConfig.model_max_length', 'a positive number');
  const definition = { tokenizerJson: json, tokenizerConfig: config } as unknown as TokenizerDefinition;
  checkIds([...tokenIds(definition).values()]);
  specialIds(definition);
  return definition;
}

/** Every id that the tokenizer can give, by token. */
export function tokenIds({
  tokenizerJson: { model, added_tokens: added },
}: TokenizerDefinition): Map<string, number> {
  const ids = new Map(Object.entries(model.vocab));
  for (const { content, id } of added) ids.set(content, id);
  return ids;
}

export interface SpecialIds {
  readonly padding: number;
  readonly unknown: number;
  readonly classToken: number;
  readonly separator: number;
}

/** The ids of the tokens that an encoder depends on. @throws NetworkError `bad-tokenizer` for one that the vocabulary lacks. */
export function specialIds(definition: TokenizerDefinition): SpecialIds {
  const ids = tokenIds(definition);
  const { tokenizerConfig: config, tokenizerJson } = definition;
  const idOf = (key: string, token: unknown): number => {
    const text = isFields(token) ? token['content'] : token;
    const id = ids.get(String(text));
    if (id === undefined) throw bad(key, 'a token of the vocabulary', text);
    return id;
  };
  return {
    padding: idOf('tokenizerConfig.pad_token', config.pad_token),
    unknown: idOf('model.unk_token', tokenizerJson.model.unk_token),
    classToken: idOf('tokenizerConfig.cls_token', config.cls_token ?? '[CLS]'),
    separator: idOf('tokenizerConfig.sep_token', config.sep_token ?? '[SEP]'),
  };
}

/** Other steps are refused: they belong to other networks, and some run patterns from the file on the text. */
const steps: Readonly<Record<string, readonly string[]>> = {
  normalizer: ['BertNormalizer'],
  pre_tokenizer: ['BertPreTokenizer'],
  model: ['WordPiece'],
  post_processor: ['TemplateProcessing', 'BertProcessing'],
};

function checkPipeline(json: Fields): void {
  for (const [key, allowed] of Object.entries(steps)) {
    const { type } = fields(json[key], key);
    expect(allowed.includes(String(type)), `${key}.type`, allowed.join(' or '), type);
  }
}

function checkAddedTokens(value: unknown): void {
  if (!Array.isArray(value)) throw bad('added_tokens', 'a list', value);
  value.forEach((token: unknown, index) => {
    const { content } = fields(token, `added_tokens.${index}`);
    const isText = typeof content === 'string' && content !== '';
    expect(isText, `added_tokens.${index}.content`, 'a text that is not empty', content);
  });
}

/** Each id is a row of the embedding table, which has no row to spare. */
function checkIds(ids: readonly unknown[]): void {
  for (const id of ids) {
    const isRow = Number.isInteger(id) && Number(id) >= 0 && Number(id) < ids.length;
    expect(isRow, 'model.vocab', `ids from 0 to ${ids.length - 1}`, id);
  }
  expect(new Set(ids).size === ids.length, 'model.vocab', 'each id once', 'an id of two tokens');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: unknown, key: string): Fields {
  if (isFields(value)) return value;
  throw bad(key, 'an object', value);
}

function expect(holds: boolean, key: string, expected: string, received?: unknown): void {
  if (!holds) throw bad(key, expected, received);
}

function bad(key: string, expected: string, received: unknown): NetworkError {
  const came = received === undefined ? 'nothing' : JSON.stringify(received).slice(0, 80);
  return new NetworkError(
    'bad-tokenizer',
    `${key} of the tokenizer: expected ${expected}, received ${came}`,
    {
      kind: 'data',
      hint: 'use the tokenizer.json and tokenizer_config.json of a BERT, or build one with buildVocabulary',
    },
  );
}
