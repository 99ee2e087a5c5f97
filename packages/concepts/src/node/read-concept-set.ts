import { open } from 'node:fs/promises';
import { ConceptError } from '../errors.js';
import { parseConceptSet } from '../parse.js';
import type { ConceptSet } from '../schema.js';

const maximumBytes = 10 * 1024 * 1024;

async function readText(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > maximumBytes) {
      throw new ConceptError('concept-set-too-large', `${path}: ${size} bytes, more than ${maximumBytes}`, {
        kind: 'data',
        hint: 'Name a concept set; a real one has a few kilobytes.',
      });
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
  } finally {
    await file.close();
  }
}

/**
 * Reads a concept set from a JSON file of at most 10 MiB.
 * @throws ConceptError `unreadable-concept-set`, `concept-set-too-large`, or those of `parseConceptSet`.
 */
export async function readConceptSet(path: string): Promise<ConceptSet> {
  let text: string;
  try {
    text = await readText(path);
  } catch (cause) {
    if (ConceptError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConceptError('unreadable-concept-set', `${path}: cannot be read (${reason})`, {
      kind: 'data',
      hint: 'Name a readable UTF-8 JSON file that holds a concept set.',
      cause,
    });
  }
  return parseConceptSet(text, path);
}
