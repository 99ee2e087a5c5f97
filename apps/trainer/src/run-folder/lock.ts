import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import { guarded, isMissing } from './file-fault.js';
import { lockName } from './run-paths.js';

/** Who is at work in a run folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes the folder for this process; the result gives it back. A lock whose process has ended on this machine is taken over.
 * @throws TrainerError `run-locked` naming the process that holds it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName);
  const mine: Holder = { pid: process.pid, host: hostname() };
  for (;;) {
    if (await create(path, mine)) return () => guarded(path, () => rm(path, { force: true }));
    const holder = await read(path);
    if (holder === null) continue;
    if (holder.host !== mine.host || isAlive(holder.pid)) throw locked(path, holder);
    await removeStale(path);
  }
}

/** False where there is a lock already. */
async function create(path: string, holder: Holder): Promise<boolean> {
  return guarded(path, async () => {
    try {
      await writeFile(path, JSON.stringify(holder), { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

/** Null where the lock has gone meanwhile. */
async function read(path: string): Promise<Holder | null> {
  try {
    const { pid, host }: Partial<Holder> = JSON.parse(await readFile(path, 'utf8'));
    return { pid: Number(pid ?? 0), host: String(host ?? '') };
  } catch (error) {
    if (isMissing(error)) return null;
    if (error instanceof SyntaxError) return { pid: 0, host: 'a process that had not finished writing it' };
    throw error;
  }
}

/** Renaming first lets only one of two processes that found the same stale lock remove it. */
async function removeStale(path: string): Promise<void> {
  const mine = `${path}.stale-${randomUUID()}`;
  try {
    await rename(path, mine);
    await rm(mine, { force: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function locked(path: string, { pid, host }: Holder): TrainerError {
  return new TrainerError('run-locked', `${path}: process ${pid} on ${host} is training in this folder`, {
    kind: 'resource',
    hint: `wait for it, or choose another folder; if that process is gone, remove ${path}`,
  });
}
