import { createHash, randomBytes } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NetworkError } from '../errors.js';

/** The part of `node:fs/promises` that writing needs; tests hand in one that fails. */
export type FileOperations = Pick<typeof nodeFiles, 'open' | 'rename' | 'rm'>;

export interface WriteOptions {
  /** Permissions of the file. Default 0o600: results of patients are nobody else's business. */
  readonly mode?: number;
  readonly files?: FileOperations;
}

/** What is known to lie on the disk now. */
export interface Written {
  readonly bytes: number;
  /** Hexadecimal, of the contents. */
  readonly sha256: string;
}

/**
 * Writes a file so that its name always holds either the old contents or the new ones, whole: a temporary
 * file in the same folder, synced and read back, takes the name, and the folder is synced (the protocol of a
 * checkpoint).
 * @throws NetworkError `write-failed`; the temporary file is removed then, and the old one untouched unless
 * only the last sync failed.
 */
export async function atomicWrite(
  path: string,
  contents: Uint8Array,
  options: WriteOptions = {},
): Promise<Written> {
  const { mode = 0o600, files = nodeFiles } = options;
  const temporary = join(
    dirname(path),
    `${basename(path)}.tmp-${process.pid}-${randomBytes(6).toString('hex')}`,
  );
  try {
    await writeSynced(files, temporary, contents, mode);
    const written = await readBack(files, temporary, contents);
    await files.rename(temporary, path);
    await syncFolder(dirname(path), files);
    return written;
  } catch (cause) {
    // What went wrong first is the news; a disk in that state may well refuse this too.
    await files.rm(temporary, { force: true }).catch(() => undefined);
    throw writeFailed(path, contents.byteLength, cause);
  }
}

async function writeSynced(
  files: FileOperations,
  path: string,
  contents: Uint8Array,
  mode: number,
): Promise<void> {
  const file = await files.open(path, 'wx', mode);
  try {
    await writeAll(file, contents);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: nodeFiles.FileHandle, contents: Uint8Array): Promise<void> {
  for (let position = 0; position < contents.byteLength; ) {
    const { bytesWritten } = await file.write(
      contents,
      position,
      Math.min(largestTransfer, contents.byteLength - position),
    );
    if (bytesWritten === 0) throw badTransfer(`the disk took ${position} of ${contents.byteLength} bytes`);
    position += bytesWritten;
  }
}

async function readBack(files: FileOperations, path: string, contents: Uint8Array): Promise<Written> {
  const expected = createHash('sha256').update(contents).digest('hex');
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await files.open(path, 'r');
  try {
    const block = new Uint8Array(2 ** 20);
    for (let count = await fill(file, block); count > 0; count = await fill(file, block)) {
      hash.update(block.subarray(0, count));
      bytes += count;
    }
  } finally {
    await file.close();
  }
  const sha256 = hash.digest('hex');
  if (bytes !== contents.byteLength || sha256 !== expected)
    throw badTransfer(`${bytes} bytes read back differ from those written`);
  return { bytes, sha256 };
}

async function fill(file: nodeFiles.FileHandle, block: Uint8Array): Promise<number> {
  return (await file.read(block, 0, block.byteLength, null)).bytesRead;
}

/** Makes new names in a folder last; Windows has no such call and does it by itself. */
export async function syncFolder(
  folder: string,
  files: Pick<FileOperations, 'open'> = nodeFiles,
): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function badTransfer(what: string): NetworkError {
  return new NetworkError('bad-transfer', what, { kind: 'resource', hint: 'check the disk' });
}

function writeFailed(path: string, bytes: number, cause: unknown): NetworkError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const full = reason.includes('ENOSPC') || reason.includes('EDQUOT');
  return new NetworkError('write-failed', `cannot write ${path} (${bytes} bytes): ${reason}`, {
    kind: 'resource',
    hint: full
      ? `free at least ${bytes} bytes in ${dirname(path)}`
      : `check that ${dirname(path)} exists and can be written to`,
    cause,
  });
}

/** Linux moves at most 2 GiB at once. */
const largestTransfer = 2 ** 30;
