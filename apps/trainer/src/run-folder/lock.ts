import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import { guarded, isMissing } from './file-fault.js';
import { lockName } from './run-paths.js';

/** Who is at work in a run folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

/**
 * Takes the folder for this process; the result gives it back. A lock whose process has ended on this machine is taken over.
 * @throws TrainerError `run-locked` naming the process that holds it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, lockName);
  const mine: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
  for (;;) {
    if (await create(path, mine)) return () => guarded(path, () => rm(path, { force: true }));
    const holder = await read(path);
    if (holder === null) continue;
    if (holder.host !== mine.host || isAlive(holder.pid)) throw locked(path, holder);
    await removeStale(path, holder);
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
    const { pid, host, token }: Partial<Holder> = JSON.parse(await readFile(path, 'utf8'));
    return { pid: Number(pid ?? 0), host: String(host ?? ''), token: String(token ?? '') };
  } catch (error) {
    if (isMissing(error)) return null;
    if (error instanceof SyntaxError)
      return { pid: 0, host: 'a machine that did not finish writing it', token: '' };
    throw error;
  }
}

/**
 * Takes the stale lock away under a name of its own, so that only one of several processes gets it. Where another had already replaced it,
 * what was taken is that one's lock, and goes back.
 */
async function removeStale(path: string, stale: Holder): Promise<void> {
  const taken = `${path}.stale-${randomUUID()}`;
  try {
    await rename(path, taken);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if ((await read(taken))?.token !== stale.token) await link(taken, path);
  await rm(taken);
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
