import type { ConceptSet } from '../schema.js';
import { SLOTS } from '../slots.js';
import { conceptStrings, sentenceStrings } from '../text-formats.js';
import type { LintFinding } from './finding.js';

/** Longest concept string and longest sentence string the text encoder accepts, in tokens. */
export const maximumTokens = { concept: 64, sentence: 192 } as const;

/** Counts words and punctuation marks: fewer than a tokenizer finds, so pass its own count when there is one. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)?.length ?? 0;
}

/** Rule (f): no concept or sentence string longer than the encoder's cap, which is an error there and not a truncation. */
export function lintLengths(set: ConceptSet, countTokens: (text: string) => number): LintFinding[] {
  const concepts = conceptStrings(set);
  const sentences = sentenceStrings(set);
  return set.classes.flatMap((each, index) => {
    const found: LintFinding[] = [];
    const judge = (text: string, slot: LintFinding['slot'], limit: number): void => {
      const count = countTokens(text);
      if (count <= limit) return;
      const message = `${slot === null ? 'the sentence of all slots' : 'the text'} has ${count} tokens, more than ${limit}`;
      found.push({ class: each.name, slot, rule: 'length', severity: 'error', message });
    };
    SLOTS.forEach(({ key }, slot) => {
      judge(concepts[index]?.[slot] ?? '', key, maximumTokens.concept);
    });
    judge(sentences[index] ?? '', null, maximumTokens.sentence);
    return found;
  });
}
