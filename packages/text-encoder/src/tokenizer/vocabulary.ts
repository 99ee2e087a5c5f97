import { bertTokenizer } from './bert-tokenizer.js';
import type { TokenizerDefinition } from './definition.js';
import { loadBertTokenizer } from './load-bert-tokenizer.js';
import { normaliseText } from './normalise-text.js';

export interface VocabularyOptions {
  /** Longest text in tokens that the encoder will have positions for. Default 512. */
  readonly maxTokens?: number;
}

const lettersAndDigits = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
/** Signs that BERT's splitting leaves inside a word, as in `30°`. */
const signs = [...'°±×µ'];
/** Always a token of its own, so that it needs no form that continues a word. */
const punctuation = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~–—‘’“”…'];

/**
 * A vocabulary for a BERT trained from scratch on these texts: special tokens, every word of the texts, and the characters that any other
 * English text falls into. It depends on the set of words alone, not on their order.
 * @throws NetworkError `missing-peer` without `@xenova/transformers`, whose splitting decides what a word is.
 */
export async function buildVocabulary(
  texts: readonly string[],
  { maxTokens = 512 }: VocabularyOptions = {},
): Promise<TokenizerDefinition> {
  const words = await wordsOf(texts);
  const characters = new Set([...lettersAndDigits, ...signs, ...words.flatMap((word) => [...word])]);
  for (const mark of punctuation) characters.delete(mark);
  const inside = inOrder(characters);
  const pieces = [...inside, ...punctuation, ...inside.map((character) => `##${character}`)];
  return bertTokenizer([...new Set([...words, ...pieces])], maxTokens);
}

async function wordsOf(texts: readonly string[]): Promise<string[]> {
  const BertTokenizer = await loadBertTokenizer();
  const { tokenizerJson, tokenizerConfig } = bertTokenizer([], 512);
  const { normalizer: normalise, pre_tokenizer: split } = new BertTokenizer(tokenizerJson, tokenizerConfig);
  return inOrder(new Set(texts.flatMap((text) => split(normalise(normaliseText(text, tokenizerJson))))));
}

/** By code unit, which is the same in every locale. */
function inOrder(words: ReadonlySet<string>): string[] {
  return [...words].sort((a, b) => (a < b ? -1 : 1));
}
