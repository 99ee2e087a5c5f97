import type { ConceptSet } from './schema.js';
import { SLOTS } from './slots.js';

/**
 * Which pairs of different classes share one text, per slot: `[6][N][N]`, false on the diagonal.
 * The local alignment removes these pairs from its negatives, because they cannot be told apart by their words.
 */
export function duplicateMask(set: ConceptSet): boolean[][][] {
  return SLOTS.map(({ key }) => duplicatePairs(set.classes.map((each) => each.concepts[key])));
}

/** Which pairs of different texts are equal: `[N][N]`, false on the diagonal. */
export function duplicatePairs(texts: readonly string[]): boolean[][] {
  return texts.map((row, i) => texts.map((column, j) => i !== j && row === column));
}
