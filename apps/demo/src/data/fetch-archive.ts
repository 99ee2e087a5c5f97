import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { download } from './download.js';
import { isSpoilt, mayPass, wrongChecksum } from './download-errors.js';
import { type Archive, hippocampusFolderName } from './hippocampus-archive.js';
import { isAlive, systemCode } from './system-error.js';

const partName = new RegExp(`^${hippocampusFolderName}\\.tar\\.part-(\\d+)$`);

/**
 * Fetches the archive into a folder and returns the file, whose checksum is right. One that a killed process
 * began is continued; after a fault that may pass there is one further attempt.
 * @throws DemoError `wrong-checksum` and those of `download`
 */
export async function fetchArchive(archive: Archive, folder: string, signal?: AbortSignal): Promise<string> {
  const part = await takePart(folder);
  try {
    await complete(part, archive, signal);
  } catch (error) {
    if (!mayPass(error)) throw error;
    await pause(archive.patience.pause, undefined, { signal });
    await complete(part, archive, signal);
  }
  return part;
}

async function complete(part: string, archive: Archive, signal: AbortSignal | undefined): Promise<void> {
  const { url, md5, maximumBytes, patience } = archive;
  const resumed = await isFile(part);
  // A process may have been killed between the last byte and the unpacking.
  if (resumed && (await md5Of(part)) === md5) return;
  try {
    await download({ url, file: part, maximumBytes, patience, signal });
    const actual = await md5Of(part);
    if (actual !== md5) throw wrongChecksum(url, md5, actual, resumed);
  } catch (error) {
    if (isSpoilt(error)) await rm(part, { force: true });
    throw error;
  }
}

/**
 * The name of this process's own part of the archive. It carries the process id, so that two demos never
 * write to one file; a part whose process is gone is taken over.
 */
async function takePart(folder: string): Promise<string> {
  const own = join(folder, `${hippocampusFolderName}.tar.part-${process.pid}`);
  for (const name of await readdir(folder)) {
    const pid = partName.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    if (await isFile(own)) await rm(join(folder, name), { force: true });
    else await rename(join(folder, name), own).catch(unlessTaken);
  }
  return own;
}

/** Another process may have taken the part first. */
function unlessTaken(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5');
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest('hex');
}
