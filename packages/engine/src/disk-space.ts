import { statfs } from 'node:fs/promises';
import { EngineError } from './errors.js';

/** Free bytes where `folder` lies. */
export async function freeBytes(folder: string): Promise<number> {
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize;
}

/** Throws `disk-full` where fewer than `bytes` are free. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free < bytes) throw diskFull(folder, `${gigabytes(free)} free, ${gigabytes(bytes)} needed`);
}

/** The error for a disk that is, or has just become, full. */
export function diskFull(folder: string, detail: string, cause?: unknown): EngineError {
  return new EngineError('disk-full', `not enough disk space in ${folder}: ${detail}`, {
    kind: 'resource',
    hint: 'free some space, or name a folder on a larger disk in BIPVL_CACHE, and run `npx bipvl-engine install` again',
    cause,
  });
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
