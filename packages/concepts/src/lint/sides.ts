import type { ConceptSet } from '../schema.js';
import { SLOTS, type SlotKey } from '../slots.js';
import { matches } from './finding.js';

/** A slot that names a side of the body. */
export interface SideMention {
  readonly class: string;
  readonly slot: SlotKey;
  readonly words: readonly string[];
}

/** Where the texts say left or right: a left-right flip of the image makes exactly these texts untrue. */
export function mentionsSides(set: ConceptSet): SideMention[] {
  return set.classes.flatMap((each) =>
    SLOTS.flatMap(({ key }) => {
      const words = matches(each.concepts[key], /\b(?:left|right)(?:-sided|wards?)?\b/giu);
      return words.length === 0 ? [] : [{ class: each.name, slot: key, words }];
    }),
  );
}
