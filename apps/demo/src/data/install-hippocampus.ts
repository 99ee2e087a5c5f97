import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoError } from '../errors.js';
import { fetchArchive } from './fetch-archive.js';
import { type Archive, hippocampusFolderName } from './hippocampus-archive.js';
import { judgeHippocampus } from './judge-hippocampus.js';
import { publishFolder } from './publish-folder.js';
import { unpackArchive } from './unpack-archive.js';

/**
 * Fetches the hippocampus set into a writable folder, as `Task04_Hippocampus` in it, and returns that path.
 * @throws DemoError of `fetchArchive` and `unpackArchive`, and `archive-unfit` where the archive holds
 * another dataset
 */
export async function installHippocampus(
  archive: Archive,
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  const target = join(folder, hippocampusFolderName);
  const file = await fetchArchive(archive, folder, signal);
  const fill = async (draft: string): Promise<string> => {
    await unpackArchive(file, draft, archive);
    return checked(draft);
  };
  const isComplete = async (path: string) => (await judgeHippocampus(path)).verdict === 'found';
  try {
    await publishFolder(target, { fill, isComplete });
  } finally {
    await rm(file, { force: true });
  }
  return target;
}

async function checked(draft: string): Promise<string> {
  const judged = await judgeHippocampus(draft);
  if (judged.verdict === 'found') return judged.folder;
  throw new DemoError('archive-unfit', `the archive is not the hippocampus set: ${judged.fault}`, {
    kind: 'data',
    hint: 'report this: the mirror does not hold what it held',
  });
}
