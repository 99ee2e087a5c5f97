import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { NetworkError } from '@bipvl/nn';
import { syncFolder } from '@bipvl/nn/node';
import type { BundleFiles, BundleParts } from '../bundle/bundle.js';
import { encodeBundle } from '../bundle/encode-bundle.js';
import { bundleFileNames } from '../bundle/manifest.js';

/**
 * Writes a bundle folder whole or not at all: into a temporary folder beside it, synced, then renamed. A bundle that is there already is
 * replaced only when the new one is complete; any other folder with something in it is left alone.
 * @throws NetworkError `incomplete-bundle`, `not-a-bundle`, `unwritable-bundle`.
 */
export async function writeBundle(folder: string, parts: BundleParts): Promise<void> {
  const files = await encodeBundle(parts);
  const target = resolve(folder);
  const before = await contentsOf(target);
  if (before !== undefined && before.length > 0 && !before.includes(bundleFileNames.manifest))
    throw notABundle(folder);
  const suffix = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const draft = join(dirname(target), `.${basename(target)}.tmp-${suffix}`);
  const old = join(dirname(target), `.${basename(target)}.old-${suffix}`);
  try {
    await mkdir(draft, { recursive: true });
    await writeFiles(draft, files);
    await exchange(target, draft, before === undefined ? undefined : old);
    await syncFolder(dirname(target));
  } catch (cause) {
    throw unwritable(folder, cause);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await rm(old, { recursive: true, force: true });
}

/** Puts the draft in the place of the target; when that fails, what was there goes back. */
async function exchange(target: string, draft: string, old: string | undefined): Promise<void> {
  if (old === undefined) return rename(draft, target);
  await rename(target, old);
  try {
    await rename(draft, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
}

/** Names in the folder; undefined where there is none. */
async function contentsOf(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unwritable(folder, cause);
  }
}

async function writeFiles(folder: string, files: BundleFiles): Promise<void> {
  for (const [name, bytes] of files) {
    const file = await open(join(folder, name), 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  await syncFolder(folder);
}

function notABundle(folder: string): NetworkError {
  return new NetworkError(
    'not-a-bundle',
    `${folder}: holds files but no ${bundleFileNames.manifest}, so it is no bundle to replace`,
    {
      hint: 'give a folder that does not exist yet, or the folder of a bundle',
    },
  );
}

function unwritable(folder: string, cause: unknown): NetworkError {
  const { code } = cause as NodeJS.ErrnoException;
  return new NetworkError(
    'unwritable-bundle',
    `${folder}: the bundle cannot be written (${code ?? String(cause)})`,
    {
      kind: 'resource',
      hint: 'choose a folder that can be written to, on a disk with room',
      cause,
    },
  );
}
