import { ConceptError } from '../errors.js';
import { parseConceptSet } from '../parse.js';
import type { ConceptSet } from '../schema.js';
import { readLimitedText } from './limited-text.js';

const maximumBytes = 10 * 1024 * 1024;

/**
 * Reads a concept set from a JSON file of at most 10 MiB.
 * @throws ConceptError `unreadable-concept-set`, `concept-set-too-large`, or those of `parseConceptSet`.
 */
export async function readConceptSet(path: string): Promise<ConceptSet> {
  const text = await readLimitedText(path, maximumBytes).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConceptError('unreadable-concept-set', `${path}: cannot be read (${reason})`, {
      kind: 'data',
      hint: 'Name a readable UTF-8 JSON file that holds a concept set.',
      cause,
    });
  });
  if (typeof text === 'string') return parseConceptSet(text, path);
  throw new ConceptError('concept-set-too-large', `${path}: ${text.bytes} bytes, more than ${maximumBytes}`, {
    kind: 'data',
    hint: 'Name a concept set; a real one has a few kilobytes.',
  });
}
