import { ConceptError } from './errors.js';
import { nearestName } from './nearest-name.js';
import { parseConceptSet } from './parse.js';
import type { ConceptSet } from './schema.js';
import { amos22Ct } from './sets/amos22-ct.js';
import { mmWhsCt } from './sets/mm-whs-ct.js';
import { mmWhsMr } from './sets/mm-whs-mr.js';
import { msdBrain } from './sets/msd-brain.js';
import { msdHippocampus } from './sets/msd-hippocampus.js';
import { phantom } from './sets/phantom.js';

const shipped = new Map<string, ConceptSet>(
  [msdHippocampus, phantom, mmWhsCt, mmWhsMr, amos22Ct, msdBrain].map((set) => [set.name, set]),
);

/** Names of the concept sets that come with this package. */
export const shippedConceptSets: readonly string[] = [...shipped.keys()];

/**
 * A shipped concept set by name; the caller owns the copy.
 * @throws ConceptError `unknown-concept-set` naming the shipped sets.
 */
export function loadConceptSet(name: string): ConceptSet {
  const set = shipped.get(name);
  if (set) return parseConceptSet(structuredClone(set), name);
  const nearest = nearestName(name, shippedConceptSets);
  throw new ConceptError('unknown-concept-set', `no shipped concept set is named ${JSON.stringify(name)}`, {
    kind: 'usage',
    hint: `${nearest ? `Did you mean "${nearest}"? ` : ''}Shipped: ${shippedConceptSets.join(', ')}.`,
  });
}
