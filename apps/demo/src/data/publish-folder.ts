import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, systemCode } from './system-error.js';

export interface PublishOptions {
  /**
   * Fills the empty draft; what it returns is the folder, the draft or one inside it, that becomes the
   * target.
   */
  readonly fill: (draft: string) => Promise<string>;
  /** Whether a folder that is already at the target will do. */
  readonly isComplete: (folder: string) => Promise<boolean>;
}

/**
 * Makes a folder in one stroke: filled as a draft beside the target and then renamed, so that a process
 * killed half-way leaves no half folder. What killed processes left is removed.
 */
export async function publishFolder(target: string, { fill, isComplete }: PublishOptions): Promise<void> {
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  await removeAbandonedDrafts(parent);
  const draft = join(parent, `.draft-${process.pid}-${basename(target)}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft);
  try {
    await moveInto(await fill(draft), target, isComplete);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** A complete folder at the target, such as one that another process has just made, is left as it is. */
async function moveInto(
  made: string,
  target: string,
  isComplete: PublishOptions['isComplete'],
): Promise<void> {
  try {
    await rename(made, target);
  } catch (error) {
    if (!isOccupied(error)) throw error;
    if (await isComplete(target)) return;
    await rm(target, { recursive: true, force: true });
    await rename(made, target);
  }
}

function isOccupied(error: unknown): boolean {
  // Windows answers EPERM.
  return ['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOTDIR'].includes(systemCode(error) ?? '');
}

async function removeAbandonedDrafts(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^\.draft-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}
