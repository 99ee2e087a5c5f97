import type { ConceptSet } from './schema.js';
import { SLOTS } from './slots.js';

/**
 * Which pairs of different classes share one text, per slot: `[6][N][N]`, false on the diagonal.
 * The local alignment removes these pairs from its negatives, because they cannot be told apart by their words.
 */
export function duplicateMask(set: ConceptSet): boolean[][][] {
  return SLOTS.map(({ key }) =>
    set.classes.map((row, i) =>
      set.classes.map((column, j) => i !== j && row.concepts[key] === column.concepts[key]),
    ),
  );
}
