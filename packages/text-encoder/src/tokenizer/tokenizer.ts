import { NetworkError } from '@bipvl/nn';
import type { TokenizerDefinition } from './definition.js';
import { identityOf } from './identity.js';
import { loadBertTokenizer } from './load-bert-tokenizer.js';
import { normaliseText } from './normalise-text.js';
import { parseTokenizer, specialIds, tokenIds } from './parse.js';

/**
 * What turns one text into ids, class token first and separator last, without truncation. `BertTokenizer` of `@xenova/transformers` is one,
 * and so are the tokenizers of its successor `@huggingface/transformers`.
 */
export interface WordPieceTokenizer {
  encode(text: string): number[];
}

export interface TokenizerOptions extends TokenizerDefinition {
  /** Does the splitting instead of `@xenova/transformers`; made from the same two files. */
  readonly wordPiece?: WordPieceTokenizer;
}

/** M texts padded to the longest, L tokens. */
export interface EncodedTexts {
  /** [M][L]. */
  readonly ids: number[][];
  /** [M][L], 1 for a token and 0 for padding. */
  readonly mask: number[][];
  /** L. */
  readonly length: number;
}

/** Turns texts into ids and masks of one length. */
export interface Tokenizer {
  /** SHA-256 of the tokenizer's definition: the key of caches and the entry in manifests. */
  readonly id: string;
  /** How many ids there are: entries of the embedding table. */
  readonly vocabularySize: number;
  /**
   * Ids with special tokens, padded to the longest text of the call.
   * @throws NetworkError `text-too-long` naming the text, its tokens and the cap; nothing is ever cut off. `no-texts` for an empty list.
   */
  encode(texts: readonly string[], options: { readonly maxTokens: number }): EncodedTexts;
}

/**
 * A BERT tokenizer from its definition.
 * @throws NetworkError `bad-tokenizer` for one that is no BERT tokenizer, `missing-peer` without `@xenova/transformers`.
 */
export async function createTokenizer({ wordPiece, ...parts }: TokenizerOptions): Promise<Tokenizer> {
  const definition = parseTokenizer(parts);
  const { padding, classToken, separator } = specialIds(definition);
  const pieces = wordPiece ?? (await fromPeer(definition));
  checkFraming(pieces, [classToken, separator]);
  return {
    id: await identityOf([definition.tokenizerJson, definition.tokenizerConfig]),
    vocabularySize: tokenIds(definition).size,
    encode: (texts, { maxTokens }) => pad(encodeAll(pieces, texts, maxTokens), padding),
  };
}

async function fromPeer({
  tokenizerJson,
  tokenizerConfig,
}: TokenizerDefinition): Promise<WordPieceTokenizer> {
  const BertTokenizer = await loadBertTokenizer();
  try {
    const peer = new BertTokenizer(tokenizerJson, tokenizerConfig);
    return { encode: (text) => peer.encode(normaliseText(text, tokenizerJson)) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NetworkError('bad-tokenizer', `@xenova/transformers refuses the tokenizer (${reason})`, {
      kind: 'data',
      hint: 'use the tokenizer.json and tokenizer_config.json of one and the same BERT',
      cause,
    });
  }
}

/** The class token is what the encoder's states are read from, so it must come first even in an empty text. */
function checkFraming(tokenizer: WordPieceTokenizer, expected: readonly number[]): void {
  const ids = tokenizer.encode('');
  if (ids.join() === expected.join()) return;
  throw new NetworkError(
    'bad-tokenizer',
    `an empty text becomes the ids [${ids}], expected class token and separator [${expected}]`,
    {
      kind: 'data',
      hint: 'give tokenizer.json a post_processor that adds both, and pass a wordPiece tokenizer made from the same files',
    },
  );
}

function encodeAll(tokenizer: WordPieceTokenizer, texts: readonly string[], maxTokens: number): number[][] {
  if (!Number.isInteger(maxTokens) || maxTokens < 2) throw badCap(maxTokens);
  if (texts.length === 0) throw noTexts();
  return texts.map((text) => {
    const ids = tokenizer.encode(text);
    if (ids.length > maxTokens) throw tooLong(text, ids.length, maxTokens);
    return ids;
  });
}

function pad(rows: readonly (readonly number[])[], padding: number): EncodedTexts {
  const length = Math.max(...rows.map((row) => row.length));
  const fill = (row: readonly number[], value: number) => [
    ...row,
    ...Array<number>(length - row.length).fill(value),
  ];
  const ids = rows.map((row) => fill(row, padding));
  const mask = rows.map((row) => fill(Array<number>(row.length).fill(1), 0));
  return { ids, mask, length };
}

function tooLong(text: string, tokens: number, cap: number): NetworkError {
  const words = text.trim().split(/\s+/);
  const start = JSON.stringify(
    `${words.slice(0, 8).join(' ').slice(0, 80)}${words.length > 8 ? ' ...' : ''}`,
  );
  return new NetworkError('text-too-long', `text ${start} has ${tokens} tokens, expected at most ${cap}`, {
    kind: 'data',
    hint: 'shorten the text, or raise the cap up to the number of positions of the text encoder',
  });
}

function badCap(maxTokens: number): NetworkError {
  return new NetworkError('bad-cap', `maxTokens is ${maxTokens}, expected a whole number of at least 2`, {
    hint: 'class token and separator already take two',
  });
}

function noTexts(): NetworkError {
  return new NetworkError('no-texts', 'encode received no texts, expected at least one', {
    hint: 'leave out the text encoder where there is nothing to read',
  });
}
