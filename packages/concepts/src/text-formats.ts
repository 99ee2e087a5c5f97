import type { ConceptClass, ConceptSet } from './schema.js';
import { SLOTS } from './slots.js';

/** The texts a text encoder reads: six concept strings per class `[N][6]`, and one sentence string per class `[N]`. */
export interface EncoderTexts {
  readonly concepts: string[][];
  readonly sentences: string[];
}

function conceptStringsOf(each: ConceptClass): string[] {
  return SLOTS.map(({ key, columnName }) =>
    key === 'title' ? each.concepts.title : `${columnName}: ${each.concepts[key]}`,
  );
}

function sentenceOf(each: ConceptClass): string {
  const parts = SLOTS.slice(1).map(({ key, shortName }) => `${shortName}: ${each.concepts[key]}`);
  return `${each.concepts.title}. ${parts.join(' ')}`;
}

/** Concept strings `[N][6]`: the title alone, then `"<column name>: " + text` for the other five slots. */
export function conceptStrings(set: ConceptSet): string[][] {
  return set.classes.map(conceptStringsOf);
}

/** Sentence strings `[N]`, one per class, joining the six texts under their short slot names. */
export function sentenceStrings(set: ConceptSet): string[] {
  return set.classes.map(sentenceOf);
}

/** Both text formats of a set at once. */
export function encoderTexts(set: ConceptSet): EncoderTexts {
  return { concepts: conceptStrings(set), sentences: sentenceStrings(set) };
}
