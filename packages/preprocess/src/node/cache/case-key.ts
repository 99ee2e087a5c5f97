import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { CaseFiles } from '../../dataset/dataset.js';
import { fileFault } from '../file-fault.js';
import type { PrepareOptions } from './prepare-case.js';

// Rises whenever the same files and options would be prepared to other bytes.
const PREPARATION = 1;

/** SHA-256 over the bytes of a case's files and over how they are prepared: equal keys, equal prepared cases. */
export async function caseKey(files: CaseFiles, options: PrepareOptions): Promise<string> {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([PREPARATION, options.recipe, options.labelIds ?? null, options.backgroundAbove ?? 0]),
  );
  const paths = files.label === undefined ? files.images : [...files.images, files.label];
  for (const path of paths) hash.update(await fileDigest(path));
  return hash.digest('hex');
}

async function fileDigest(path: string): Promise<Buffer> {
  const hash: Hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  } catch (cause) {
    throw fileFault(path, cause);
  }
  return hash.digest();
}
