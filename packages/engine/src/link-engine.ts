import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { layout } from './engine-layout.js';
import { isMissing } from './engine-manifest.js';

const links = ['deps', layout.addonFolder];

/** Makes the npm package at `tfjs` use the engine in `folder`: two links, each replaced in one step. */
export async function linkEngine(tfjs: string, folder: string): Promise<void> {
  for (const name of links) await replaceWithLink(join(tfjs, name), join(folder, name));
}

/** The engine folder that the npm package's links lead to; null where they are missing or are no links. */
export async function linkedEngine(tfjs: string): Promise<string | null> {
  const folders = await Promise.all(
    links.map(async (name) => {
      const target = await readTarget(join(tfjs, name));
      return target?.endsWith(name) ? resolve(target, ...name.split('/').map(() => '..')) : null;
    }),
  );
  const [first] = folders;
  return first !== undefined && folders.every((folder) => folder === first) ? first : null;
}

async function readTarget(path: string): Promise<string | null> {
  try {
    return resolve(dirname(path), await readlink(path));
  } catch (error) {
    // EINVAL: a real folder, such as the stock installer leaves.
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'EINVAL'))
      return null;
    throw error;
  }
}

async function replaceWithLink(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await rm(draft, { force: true });
  await symlink(target, draft, 'dir');
  // rename() replaces a link in one step but refuses to replace a real folder.
  if ((await readTarget(path)) === null) await rm(path, { recursive: true, force: true });
  await rename(draft, path);
}
