import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './install-lock.js';

const draftName = /^\.draft-(\d+)-/;

/** Makes an empty folder beside the finished engines; it is renamed into place when complete. */
export async function createDraft(parent: string, key: string): Promise<string> {
  const folder = join(parent, `.draft-${process.pid}-${key}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Removes what killed installs left behind: drafts whose process is gone. */
export async function removeAbandonedDrafts(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = draftName.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}
