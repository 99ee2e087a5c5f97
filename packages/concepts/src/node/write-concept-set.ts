import { ConceptError } from '../errors.js';
import { parseConceptSet } from '../parse.js';
import type { ConceptSet } from '../schema.js';
import { writeWholeFile } from './whole-file.js';

/**
 * Writes a concept set as indented JSON, whole or not at all: temporary file, sync, rename.
 * @throws ConceptError `invalid-concept-set` before anything is written, `unwritable-concept-set` if the file cannot be.
 */
export async function writeConceptSet(path: string, set: ConceptSet): Promise<void> {
  const text = `${JSON.stringify(parseConceptSet(set, set.name), null, 2)}\n`;
  try {
    await writeWholeFile(path, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConceptError('unwritable-concept-set', `${path}: cannot be written (${reason})`, {
      kind: 'resource',
      hint: 'Choose a folder that exists and can be written to.',
      cause,
    });
  }
}
