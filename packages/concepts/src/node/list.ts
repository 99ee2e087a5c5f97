import { type ReviewState, reviewState } from '../review-state.js';
import type { Modality } from '../schema.js';
import { loadConceptSet, shippedConceptSets } from '../shipped.js';

/** A concept set that comes with this package. */
export interface ListedSet {
  readonly name: string;
  readonly dataset: string;
  readonly modality: Modality;
  readonly classes: readonly string[];
  readonly review: ReviewState;
}

/** The shipped sets. */
export async function list(): Promise<ListedSet[]> {
  return Promise.all(
    shippedConceptSets.map(async (name) => {
      const set = loadConceptSet(name);
      const { dataset, modality, classes } = set;
      return {
        name,
        dataset,
        modality,
        classes: classes.map((each) => each.name),
        review: await reviewState(set),
      };
    }),
  );
}
