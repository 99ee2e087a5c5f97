import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TrainerError } from '../errors.js';
import { guarded, isMissing } from './file-fault.js';
import { lockFolder } from './lock.js';
import { type RunPaths, runNames, runPaths } from './run-paths.js';

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
  if (mode === 'resume' && !(await exists(paths.config))) throw nothingToResume(folder);
  const made = await guarded(folder, () => mkdir(paths.folder, { recursive: true }));
  const unlock = await lockFolder(paths.folder);
  const release = async () => {
    await unlock();
    if (made !== undefined) await removeIfEmpty(paths.folder);
  };
  const hasRun = await exists(paths.config);
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

async function moveAway(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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

function nothingToResume(folder: string): TrainerError {
  return new TrainerError('no-run', `${folder}: holds no run to resume`, {
    kind: 'usage',
    hint: 'name the folder of a run, or leave out --resume to begin one',
  });
}
