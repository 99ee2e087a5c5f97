import { duplicatePairs } from './duplicates.js';
import { ConceptError } from './errors.js';
import type { ConceptClass, ConceptSet } from './schema.js';
import { conceptStrings, type EncoderTexts, sentenceStrings } from './text-formats.js';

/**
 * What a class is told by, in the four ways of the paper's Table 2: six slots, vague strings without slots, all slots in one
 * paragraph, or the title alone.
 */
export type TextFormat = 'fixed' | 'ambiguous' | 'aggregated' | 'name';

/** The formats by name, in the order of the paper's table. */
export const textFormats: readonly TextFormat[] = ['fixed', 'ambiguous', 'aggregated', 'name'];

/** Texts of N classes in one format, padded with empty strings to the K of the class that has most. */
export interface FormattedTexts extends EncoderTexts {
  readonly format: TextFormat;
  /** Which concepts are texts and not padding: `[N][K]`. */
  readonly mask: boolean[][];
  /** Pairs of different classes with the same text at a place: `[K][N][N]`; two paddings are the same text. */
  readonly duplicates: boolean[][][];
}

/**
 * The texts of a set in one of the formats. With one concept a class (`aggregated`, `name`) there is nothing for a local
 * alignment to tell apart: train without it.
 * @throws ConceptError `no-ambiguous-texts` for that format where a class has none.
 */
export function formatTexts(set: ConceptSet, format: TextFormat): FormattedTexts {
  const { concepts, sentences } = writers[format](set);
  const places = Math.max(...concepts.map((texts) => texts.length));
  const padded = concepts.map((texts) => Array.from({ length: places }, (_, place) => texts[place] ?? ''));
  return {
    format,
    concepts: padded,
    sentences,
    mask: padded.map((texts) => texts.map((text) => text !== '')),
    duplicates: Array.from({ length: places }, (_, place) =>
      duplicatePairs(padded.map((texts) => texts[place] ?? '')),
    ),
  };
}

const writers: Readonly<Record<TextFormat, (set: ConceptSet) => EncoderTexts>> = {
  fixed: (set) => ({ concepts: conceptStrings(set), sentences: sentenceStrings(set) }),
  ambiguous: (set) => {
    const concepts = set.classes.map((each) => ambiguousOf(each, set));
    return { concepts, sentences: concepts.map((texts) => texts.join(' ')) };
  },
  aggregated: (set) => oneText(sentenceStrings(set)),
  name: (set) => oneText(set.classes.map((each) => each.concepts.title)),
};

function oneText(sentences: string[]): EncoderTexts {
  return { concepts: sentences.map((text) => [text]), sentences };
}

function ambiguousOf({ name, ambiguous }: ConceptClass, set: ConceptSet): string[] {
  if (ambiguous !== undefined) return ambiguous;
  throw new ConceptError('no-ambiguous-texts', `"${set.name}" has no ambiguous texts for "${name}"`, {
    kind: 'data',
    hint: `Add "ambiguous": [...] with 1 to 6 strings to the class "${name}".`,
  });
}
