import { distance } from 'fastest-levenshtein';

/** The candidate that is the likeliest meaning of a misspelt word, or undefined when none shares most of its letters. */
export function nearestName(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.slice(0, 64).toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, best.candidate.length / 2) ? best.candidate : undefined;
}
