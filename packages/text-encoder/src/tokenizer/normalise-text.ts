import type { TokenizerJson } from './definition.js';

/** What BERT counts as Chinese characters, also those beyond 16 bits. */
const chinese =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B820}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;

/**
 * Does to a text what BERT's normaliser in Hugging Face's `tokenizers` does and `@xenova/transformers` 2.17.2 does otherwise: spaces around Chinese
 * characters beyond 16 bits, accents of every script, lower case character by character (a final sigma is no other letter). Special tokens in
 * the text stay as they are. What the peer does afterwards finds nothing left to do of these.
 */
export function normaliseText(text: string, { normalizer, added_tokens: added }: TokenizerJson): string {
  const steps = normalizer as Readonly<Record<string, unknown>>;
  const contents = added.map(({ content }) => content);
  return splitAt(text, contents)
    .map((part) => (contents.includes(part) ? part : normalisePart(part, steps)))
    .join('');
}

function normalisePart(text: string, steps: Readonly<Record<string, unknown>>): string {
  const lowercase = steps['lowercase'] === true;
  const spaced = steps['handle_chinese_chars'] === true ? text.replace(chinese, ' $& ') : text;
  const bare =
    (steps['strip_accents'] ?? lowercase) ? spaced.normalize('NFD').replace(/\p{Mn}/gu, '') : spaced;
  return lowercase ? Array.from(bare, (character) => character.toLowerCase()).join('') : bare;
}

/** The text in pieces, of which those of `separators` are pieces of their own. */
function splitAt(text: string, separators: readonly string[]): string[] {
  if (separators.length === 0) return [text];
  const escaped = separators.map((separator) => separator.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.split(new RegExp(`(${escaped.join('|')})`));
}
