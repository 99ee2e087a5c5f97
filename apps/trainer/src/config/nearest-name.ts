import { distance } from 'fastest-levenshtein';

/** The name that a misspelt or shortened word most likely means; undefined when none shares most of its letters. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const wanted = word.slice(0, 100).toLowerCase();
  const ranked = names
    .map((name) => ({ name, edits: distance(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const longer = ranked.find(({ name }) => wanted.length >= 3 && name.toLowerCase().startsWith(wanted));
  const close = ranked.find(({ name, edits }) => edits <= Math.max(2, name.length / 2));
  return (longer ?? close)?.name;
}
