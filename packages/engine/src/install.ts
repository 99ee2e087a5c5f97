import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { engineFolder } from './cache-folder.js';
import { layout } from './engine-layout.js';
import { readManifest } from './engine-manifest.js';
import { givenWheels } from './given-wheels.js';
import { withInstallLock } from './install-lock.js';
import type { InstallOptions, InstallReport } from './install-options.js';
import { installStock } from './install-stock.js';
import { linkEngine, linkedEngine } from './link-engine.js';
import { loadableVersion, probeAddon } from './probe-addon.js';
import { provision } from './provision.js';
import { type Recipe, recipeFor } from './recipe.js';
import { findTfjs } from './tfjs-package.js';

/**
 * Puts a native engine in place: keeps one that is linked, links one from the user's cache, keeps a foreign one that loads, or makes
 * one from the pinned wheel. Throws an `EngineError` naming the mend where it cannot.
 */
export async function install(options: InstallOptions = {}): Promise<InstallReport> {
  const tfjs = findTfjs();
  if (process.platform === 'win32') return installStock(tfjs, options);
  return installFrom(tfjs, recipesFor(options.device), options);
}

function recipesFor(device: InstallOptions['device']): readonly [Recipe, ...Recipe[]] {
  if (device !== undefined) return [recipeFor(device)];
  const cpu = recipeFor('cpu');
  // An engine with CUDA in the cache was asked for once, and `npm ci` must not undo that.
  return process.platform === 'linux' && process.arch === 'x64' ? [cpu, recipeFor('gpu')] : [cpu];
}

/** `install` for given recipes: the first is made where none is complete; the last complete one is preferred. `probe` proves a new one. */
export async function installFrom(
  tfjs: string,
  recipes: readonly [Recipe, ...Recipe[]],
  options: InstallOptions,
  probe: (addon: string) => Promise<string> = probeAddon,
): Promise<InstallReport> {
  const parent = engineFolder();
  await mkdir(parent, { recursive: true });
  const existing = options.force ? null : await existingEngine(tfjs, parent, recipes, options);
  if (existing) return existing;
  const waits = () => options.onStep?.('wait for another install to finish');
  return withInstallLock(join(parent, '.lock'), waits, async () => {
    const made = options.force ? null : await existingEngine(tfjs, parent, recipes, options);
    if (made) return made;
    const [recipe] = recipes;
    const wheels = givenWheels(recipe, options.wheels ?? []);
    const folder = await provision({
      recipe,
      tfjs,
      parent,
      wheels,
      onStep: options.onStep ?? (() => {}),
      probe,
    });
    await linkEngine(tfjs, folder);
    return { status: 'installed', tensorflow: recipe.tensorflow, device: recipe.device, folder };
  });
}

async function existingEngine(
  tfjs: string,
  parent: string,
  recipes: readonly Recipe[],
  options: InstallOptions,
): Promise<InstallReport | null> {
  const linked = await linkedEngine(tfjs);
  const complete = await completeEngines(parent, recipes);
  const current = complete.find(({ folder }) => folder === linked);
  if (current) return { status: 'ready', ...current };
  const latest = complete.at(-1);
  if (latest) {
    await linkEngine(tfjs, latest.folder);
    return { status: 'linked', ...latest };
  }
  return linked === null && options.device !== 'gpu' ? foreignEngine(tfjs) : null;
}

async function completeEngines(
  parent: string,
  recipes: readonly Recipe[],
): Promise<Omit<InstallReport, 'status'>[]> {
  const engines = recipes.map(({ key, tensorflow, device }) => ({
    tensorflow,
    device,
    folder: join(parent, key),
  }));
  const manifests = await Promise.all(engines.map(({ folder }) => readManifest(folder)));
  return engines.filter((_, index) => manifests[index] !== null);
}

/** An addon that something else put there, such as the npm package's own installer. */
async function foreignEngine(tfjs: string): Promise<InstallReport | null> {
  const tensorflow = await loadableVersion(join(tfjs, layout.addon));
  return tensorflow === null ? null : { status: 'found', tensorflow, device: 'unknown', folder: tfjs };
}
