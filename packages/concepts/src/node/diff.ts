import { type ConceptSetDifference, diffConceptSets } from '../diff.js';
import { findConceptSet } from './find-concept-set.js';

/** Two concept sets, each the name of a shipped set or a JSON file. */
export interface DiffOptions {
  readonly before: string;
  readonly after: string;
}

/** How the second set differs from the first. @throws ConceptError of `findConceptSet` */
export async function diff({ before, after }: DiffOptions): Promise<ConceptSetDifference> {
  return diffConceptSets(await findConceptSet(before), await findConceptSet(after));
}
