import { type ConceptSet, duplicateMask, type EncoderTexts, encoderTexts } from '@bipvl/concepts';
import { NetworkError } from '@bipvl/nn';
import type { Label, TextConfig } from '../config.js';

/** Token ids and masks of a batch of texts, padded to the longest: [texts][length]. */
export interface TokenBatch {
  readonly ids: readonly (readonly number[])[];
  readonly mask: readonly (readonly number[])[];
}

/** Turns texts into padded tokens; `@bipvl/text-encoder` makes one from a vocabulary. */
export interface Tokenizer {
  encode(texts: readonly string[], options: { readonly maxTokens: number }): TokenBatch;
}

/** Everything the network reads about N classes: a sentence each for the fused stream, K concepts each for the alignment. */
export interface TextInputs {
  /** N sentences. */
  readonly sentences: TokenBatch;
  /** N * K concepts, the K of a class together. */
  readonly concepts: TokenBatch;
  /** Which classes share the words of a slot: [K][N][N]. */
  readonly duplicates: readonly (readonly (readonly boolean[])[])[];
}

/**
 * Tokenises a concept set in the order of the labels.
 * @throws NetworkError `concept-classes` when a label has no concepts, or the tokenizer's error when a text is too long.
 */
export function tokeniseConcepts(
  set: ConceptSet,
  labels: readonly Label[],
  tokenizer: Tokenizer,
  config: TextConfig,
): TextInputs {
  const ordered = inOrder(set, labels);
  return { ...tokeniseTexts(encoderTexts(ordered), tokenizer, config), duplicates: duplicateMask(ordered) };
}

/** Tokenises texts that come from no concept set, such as blank ones. */
export function tokeniseTexts(
  texts: EncoderTexts,
  tokenizer: Tokenizer,
  config: TextConfig,
): Omit<TextInputs, 'duplicates'> {
  return {
    sentences: tokenizer.encode(texts.sentences, { maxTokens: config.maxSentenceTokens }),
    concepts: tokenizer.encode(texts.concepts.flat(), { maxTokens: config.maxConceptTokens }),
  };
}

/** The set with its classes in the order of the labels, matched by label id, never by position. */
export function inOrder(set: ConceptSet, labels: readonly Label[]): ConceptSet {
  const classes = labels.map(({ id, name }) => {
    const found = set.classes.find((each) => each.label === id);
    if (found === undefined) throw withoutConcepts(set, id, name);
    return found;
  });
  return { ...set, classes };
}

function withoutConcepts(set: ConceptSet, id: number, name: string): NetworkError {
  const known = set.classes.map((each) => `${each.label} ${each.name}`).join(', ');
  return new NetworkError(
    'concept-classes',
    `concept set '${set.name}' has no class for label ${id} (${name}); it has ${known}`,
    {
      kind: 'data',
      hint: `add a class with "label": ${id} to the concept set, or choose the set of this dataset`,
    },
  );
}
