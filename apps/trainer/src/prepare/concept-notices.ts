import { type ConceptSet, describeReview, reviewState } from '@bipvl/concepts';
import { inOrder, type Label } from '@bipvl/segmenter';

/**
 * What a user should know of the texts of a run: that no person stands behind them, and which classes the run calls by another name than
 * the set. Texts are matched by label, so that names which have nothing in common may mean that the set is that of another data set.
 */
export async function conceptNotices(set: ConceptSet, labels: readonly Label[]): Promise<string[]> {
  const state = await reviewState(set);
  const unsigned =
    state === 'reviewed'
      ? []
      : [
          `concepts: '${set.name}' is ${describeReview(state)}; bipvl-concepts review FILE --reviewer NAME signs it`,
        ];
  const ordered = inOrder(set, labels).classes;
  const foreign = labels.flatMap(({ id, name }, row) => {
    const called = ordered[row]?.name ?? '';
    return isAlike(name, called) ? [] : [`label ${id} is '${name}' in the run and '${called}' in the set`];
  });
  return foreign.length === 0
    ? unsigned
    : [...unsigned, `concepts: see that they are those of this dataset: ${foreign.join('; ')}`];
}

/** Whether two names share a word, e.g. `anterior` and `anterior hippocampus`. */
function isAlike(one: string, other: string): boolean {
  const words = (name: string) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words(one).some((word) => words(other).includes(word));
}
