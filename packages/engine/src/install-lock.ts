import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMissing } from './engine-manifest.js';

// A living holder touches its lock. Silence tells that one on another machine is gone, or one whose process id is used again.
const heartbeat = 5_000;
const silenceLimit = 60_000;
const pollInterval = 200;

/**
 * Runs `work` while holding the lock file at `path`, waiting for another process that holds it. A lock whose holder died is taken
 * over. The lock saves double work only: two installers at once would still each finish in a folder of their own.
 */
export async function withInstallLock<T>(
  path: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  let waiting = false;
  while (!(await acquire(path))) {
    if (!waiting) onWait();
    waiting = true;
    if (await isAbandoned(path)) await rm(path, { force: true });
    else await sleep(pollInterval);
  }
  // A beat that fails only lets the lock look abandoned.
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), heartbeat);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(`${hostname()} ${process.pid}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const [host, pid] = (await readFile(path, 'utf8')).trim().split(' ');
    if (host === hostname() && pid !== undefined && !isAlive(Number(pid))) return true;
    return Date.now() - (await stat(path)).mtimeMs > silenceLimit;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Whether a process of this machine still runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
