import { type ConceptSet, encoderTexts } from '@bipvl/concepts';
import { NetworkError } from '@bipvl/nn';
import type { Label } from '../config.js';
import { inOrder, type Tokenizer } from './text-inputs.js';

/** Every text that a set has for the labels, once, sentences first: the rows of a table of vectors. */
export function textsOf(set: ConceptSet, labels: readonly Label[]): string[] {
  const { sentences, concepts } = encoderTexts(inOrder(set, labels));
  return [...new Set([...sentences, ...concepts.flat()])];
}

/** A tokenizer for a table of vectors: the one token of a text is its row. Throws `unknown-text` for one without a row. */
export function rowTokenizer(texts: readonly string[]): Tokenizer {
  const rows = new Map(texts.map((text, row) => [text, row]));
  const rowOf = (text: string): number => {
    const row = rows.get(text);
    if (row === undefined) throw unknownText(text);
    return row;
  };
  return { encode: (asked) => ({ ids: asked.map((text) => [rowOf(text)]), mask: asked.map(() => [1]) }) };
}

function unknownText(text: string): NetworkError {
  const message = `'${text.slice(0, 60)}' is none of the texts whose vectors the segmenter holds`;
  return new NetworkError('unknown-text', message, {
    kind: 'data',
    hint: "use texts of the concept set it was trained with, or train with text.encoder 'bert'",
  });
}
