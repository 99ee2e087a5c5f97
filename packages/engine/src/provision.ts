import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { compileAddons } from './compile-addon.js';
import { findCompiler } from './compiler.js';
import { diskFull, requireSpace } from './disk-space.js';
import { createDraft, removeAbandonedDrafts } from './draft-folder.js';
import { layout, placeEntry } from './engine-layout.js';
import { readManifest, writeManifest } from './engine-manifest.js';
import { downloadWheel, findPip } from './pip.js';
import type { Recipe } from './recipe.js';
import { unpackWheel } from './unpack-wheel.js';
import { verifyWheel } from './wheel-hash.js';
import type { Wheel } from './wheels.js';

/** How to make an engine that is not in the cache yet. */
export interface Provision {
  readonly recipe: Recipe;
  /** Folder of the npm package that holds the addon's sources. */
  readonly tfjs: string;
  /** Folder of all engines. */
  readonly parent: string;
  /** Wheels fetched elsewhere, by file name; the others are downloaded. */
  readonly wheels: ReadonlyMap<string, string>;
  readonly onStep: (step: string) => void;
  /** Loads the finished addon once and names its TensorFlow. */
  readonly probe: (addon: string) => Promise<string>;
}

// Finished engines measure 0.9 GB and 5.3 GB; at the worst moment a wheel of 0.3 GB or 0.8 GB lies beside its contents.
const space = { cpu: 1.5e9, gpu: 6.5e9 };

/**
 * Makes a complete engine in a draft folder and renames it into place: fetch, check the hash, unpack, compile, load once.
 * Returns the engine's folder. Whatever fails, nothing half-made stays.
 */
export async function provision(order: Provision): Promise<string> {
  const compiler = await findCompiler();
  await requireSpace(order.parent, space[order.recipe.device]);
  await removeAbandonedDrafts(order.parent);
  const draft = await createDraft(order.parent, order.recipe.key);
  try {
    await fetchLibraries(order, draft);
    order.onStep('compile the addons');
    await compileAddons(compiler, order.tfjs, draft);
    await rm(join(draft, layout.headers), { recursive: true, force: true });
    order.onStep('load it once');
    await order.probe(join(draft, layout.addon));
    await writeManifest(draft, order.recipe, compiler);
    return await publish(draft, join(order.parent, order.recipe.key));
  } catch (error) {
    if (isNoSpace(error)) throw diskFull(order.parent, 'it filled up on the way', error);
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function fetchLibraries(order: Provision, draft: string): Promise<void> {
  const downloads = join(draft, 'downloads');
  await mkdir(downloads);
  for (const wheel of order.recipe.wheels) {
    order.onStep(`fetch ${wheel.file}`);
    const path = await obtain(wheel, order.wheels, downloads);
    await verifyWheel(wheel, path);
    order.onStep(`unpack ${wheel.file}`);
    await unpackWheel(path, draft, placeEntry);
    await rm(join(downloads, wheel.file), { force: true });
  }
  await rm(downloads, { recursive: true });
}

async function obtain(wheel: Wheel, given: ReadonlyMap<string, string>, downloads: string): Promise<string> {
  return given.get(wheel.file) ?? downloadWheel(await findPip(), wheel, downloads);
}

async function publish(draft: string, folder: string): Promise<string> {
  const old = `${draft}.replaced`;
  if ((await readManifest(folder)) !== null) await rename(folder, old);
  else await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  await rm(old, { recursive: true, force: true });
  return folder;
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
