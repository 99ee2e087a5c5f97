import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';
import { EngineError } from './errors.js';

/** Where one entry of a wheel goes, relative to the engine's folder; null leaves it out. */
export type Placement = (entry: string) => string | null;

// The largest entry known is the CUDA library's 1.1 GB; a file that promises more is not a wheel of ours.
const largestEntry = 4 * 2 ** 30;

/**
 * Unpacks the placed entries of a zip below `folder`; returns how many. Names that climb out of the archive are refused by
 * the reader, sizes are checked against the directory. Throws `wheel-damaged`.
 */
export async function unpackWheel(path: string, folder: string, place: Placement): Promise<number> {
  try {
    return await unpackEntries(path, folder, place);
  } catch (error) {
    if (EngineError.isInstance(error) || isSystemError(error)) throw error;
    throw damaged(path, error instanceof Error ? error.message : String(error), error);
  }
}

async function unpackEntries(path: string, folder: string, place: Placement): Promise<number> {
  const archive = await openPromise(path, {
    lazyEntries: true,
    strictFileNames: true,
    validateEntrySizes: true,
  });
  let count = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      const target = place(entry.fileName);
      if (target === null || entry.fileName.endsWith('/')) continue;
      if (entry.uncompressedSize > largestEntry)
        throw damaged(path, `${entry.fileName} is larger than 4 GiB`);
      await writeEntry(await archive.openReadStreamPromise(entry), join(folder, target), permissions(entry));
      count += 1;
    }
  } finally {
    archive.close();
  }
  return count;
}

async function writeEntry(source: NodeJS.ReadableStream, path: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await pipeline(source, createWriteStream(path, { mode }));
}

function permissions(entry: Entry): number {
  const stored = (entry.externalFileAttributes >>> 16) & 0o777;
  return stored === 0 ? 0o644 : stored | 0o600;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function damaged(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError('wheel-damaged', `${path}: not a readable wheel: ${reason}`, {
    kind: 'resource',
    hint: 'remove the file, run `pip cache purge`, and run `npx bipvl-engine install` again',
    cause,
  });
}
