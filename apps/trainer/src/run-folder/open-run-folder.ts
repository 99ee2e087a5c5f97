import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TrainerError } from '../errors.js';
import { guarded, isMissing } from './file-fault.js';
import { lockFolder } from './lock.js';
import { type RunPaths, runNames, runPaths } from './run-paths.js';
import { holdsRun, readRunConfig } from './stored-config.js';

export type RunMode = 'new' | 'resume' | 'fresh';

/** A run folder that belongs to this process. */
export interface OpenRunFolder {
  readonly paths: RunPaths;
  /** Whether a run is there to be resumed. */
  readonly hasRun: boolean;
  /** Gives the folder back; a folder that this process made and left empty is removed. */
  release(): Promise<void>;
}

/**
 * Makes the folder where it is missing, locks it, and finds out before any work whether it can be written to.
 * @throws TrainerError `run-exists`, `no-run`, `run-locked`, `run-folder-fault`
 */
export async function openRunFolder(folder: string, mode: RunMode): Promise<OpenRunFolder> {
  const paths = runPaths(resolve(folder));
  if (mode === 'resume') await readRunConfig(folder);
  const made = await guarded(folder, () => makeFolder(paths.folder));
  const unlock = await lockFolder(paths.folder);
  const release = async () => {
    await unlock();
    for (const each of [...made].reverse()) await removeIfEmpty(each);
  };
  const hasRun = await holdsRun(paths);
  if (mode !== 'new' || !hasRun) return { paths, hasRun, release };
  await release();
  throw runExists(folder);
}

/** Removes what a run wrote: all of it disappears under another name first, so that none is left half-deleted. */
export async function discardRun({ folder }: RunPaths): Promise<void> {
  await guarded(folder, async () => {
    const discarded = join(folder, `.discarded-${randomUUID()}`);
    await mkdir(discarded);
    for (const name of Object.values(runNames)) await moveAway(join(folder, name), join(discarded, name));
    const leftovers = (await readdir(folder)).filter((name) => name.startsWith('.discarded-'));
    for (const name of leftovers) await rm(join(folder, name), { recursive: true, force: true });
  });
}

/** Removes the prepared cases that a run kept in its folder. */
export async function removeCache({ cache }: RunPaths): Promise<void> {
  await guarded(cache, () => rm(cache, { recursive: true, force: true }));
}

/** The folders it made, outermost first. Node's own recursive form never returns where the system makes no folder, such as in /proc. */
async function makeFolder(path: string): Promise<string[]> {
  try {
    await mkdir(path);
    return [path];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return [];
    const above = code === 'ENOENT' && dirname(path) !== path ? await makeFolder(dirname(path)) : [];
    if (above.length === 0) throw error;
    await mkdir(path);
    return [...above, path];
  }
}

async function moveAway(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function runExists(folder: string): TrainerError {
  return new TrainerError('run-exists', `${folder}: holds a run already`, {
    kind: 'usage',
    hint: 'continue it with --resume, replace it with --fresh, or choose another folder',
  });
}
