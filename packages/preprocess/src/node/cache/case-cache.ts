import { join } from 'node:path';
import type { CaseFiles } from '../../dataset/dataset.js';
import { PreprocessError } from '../../errors.js';
import { type CaseFile, openCaseFile, writeCaseFile } from './case-file.js';
import { caseKey } from './case-key.js';
import { type PrepareOptions, prepareCase } from './prepare-case.js';

/** A cached case, and what became of the file that was there. */
export interface CachedCase {
  readonly file: CaseFile;
  /** `found`: read from the cache. `made`: prepared now. `healed`: it was damaged and prepared anew. */
  readonly how: 'found' | 'made' | 'healed';
}

/**
 * Finds a prepared case in `folder` by the content of its files and the options, or prepares it and puts it there. A
 * file whose checksum is wrong is replaced. Throws what `prepareCase` throws, and `file-resource` on a full disk.
 */
export async function cacheCase(
  files: CaseFiles,
  options: PrepareOptions,
  folder: string,
): Promise<CachedCase> {
  const key = await caseKey(files, options);
  const path = join(folder, key.slice(0, 2), `${key}.case`);
  const found = openCaseFile(path, key);
  if (typeof found === 'object') return { file: found, how: 'found' };
  await writeCaseFile(path, key, await prepareCase(files, options));
  const made = openCaseFile(path, key);
  if (typeof made === 'object') return { file: made, how: found === 'damaged' ? 'healed' : 'made' };
  throw new PreprocessError('cache-unusable', `${path}: what was written there reads back differently`, {
    kind: 'resource',
    hint: 'choose a cache folder on another disk',
  });
}
