import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { allocating } from '../allocate.js';
import { PreprocessError } from '../errors.js';
import { fileFault } from './file-fault.js';

// Node reads at most 2^31 - 1 bytes in one call.
const LONGEST_READ = 2 ** 30;
const PIECE_BYTES = 2 ** 20;
// Opening a pipe would wait for its writer; Windows has neither such pipes nor the flag.
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A regular file that is open for reading, and its size in bytes. */
export interface ScanFile {
  readonly path: string;
  readonly size: number;
  /** `length` bytes from `start` on, fewer where the file ends. Throws `out-of-memory` or `file-unreadable`. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** All bytes from `start` (by default 0) on, piece by piece; the caller destroys the stream. */
  pieces(start?: number): Readable;
}

/**
 * Opens a file for the time that `use` takes. Throws `file-missing`, `file-unreadable`, and `not-a-file` for folders,
 * pipes and devices, which could give bytes without end.
 */
export async function withScanFile<T>(path: string, use: (file: ScanFile) => Promise<T>): Promise<T> {
  const handle = await open(path, WITHOUT_WAITING).catch((cause: unknown) => {
    throw fileFault(path, cause);
  });
  try {
    return await use(await judged(path, handle));
  } finally {
    await handle.close();
  }
}

async function judged(path: string, handle: FileHandle): Promise<ScanFile> {
  const status = await handle.stat();
  if (!status.isFile()) {
    throw new PreprocessError('not-a-file', `${path}: is a folder, pipe or device, expected a file`, {
      kind: 'data',
      hint: 'give the path of a regular file',
    });
  }
  return {
    path,
    size: status.size,
    read: (start, length) =>
      readRange(path, handle, start, Math.max(0, Math.min(length, status.size - start))),
    pieces: (start = 0) => handle.createReadStream({ start, highWaterMark: PIECE_BYTES, autoClose: false }),
  };
}

async function readRange(
  path: string,
  handle: FileHandle,
  start: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = allocating(length, path, () => new Uint8Array(length));
  let filled = 0;
  while (filled < length) {
    const wanted = Math.min(LONGEST_READ, length - filled);
    const { bytesRead } = await handle
      .read(bytes, filled, wanted, start + filled)
      .catch((cause: unknown) => Promise.reject(fileFault(path, cause)));
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
