import type { ConceptSet } from '../schema.js';
import { loadConceptSet } from '../shipped.js';
import { readConceptSet } from './read-concept-set.js';

/** A shipped concept set by its name, or one from a JSON file. @throws ConceptError naming the shipped sets, or the fault of the file. */
export async function findConceptSet(nameOrPath: string): Promise<ConceptSet> {
  return isConceptFile(nameOrPath) ? readConceptSet(nameOrPath) : loadConceptSet(nameOrPath);
}

/** Whether concepts are named by a file rather than by a shipped name. */
export function isConceptFile(nameOrPath: string): boolean {
  return nameOrPath.endsWith('.json') || /[/\\]/.test(nameOrPath);
}
