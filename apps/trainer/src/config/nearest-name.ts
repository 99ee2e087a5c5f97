import { distance } from 'fastest-levenshtein';

/** The name that a misspelt word most likely means; undefined when none shares most of its letters. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const wanted = word.slice(0, 100).toLowerCase();
  const ranked = names
    .map((name) => ({ name, edits: distance(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(2, best.name.length / 2) ? best.name : undefined;
}
