import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConceptError } from '../errors.js';
import { parseConceptSet } from '../parse.js';
import type { ConceptSet } from '../schema.js';

async function writeAndSync(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder for syncing; its rename is durable enough without.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Writes a concept set as indented JSON, whole or not at all: temporary file, sync, rename.
 * @throws ConceptError `invalid-concept-set` before anything is written, `unwritable-concept-set` if the file cannot be.
 */
export async function writeConceptSet(path: string, set: ConceptSet): Promise<void> {
  const text = `${JSON.stringify(parseConceptSet(set, set.name), null, 2)}\n`;
  const temporary = `${path}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await writeAndSync(temporary, text);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConceptError('unwritable-concept-set', `${path}: cannot be written (${reason})`, {
      kind: 'resource',
      hint: 'Choose a folder that exists and can be written to.',
      cause,
    });
  }
}
