import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layout } from './engine-layout.js';
import type { Recipe } from './recipe.js';

/** What is written inside a complete engine: what it is and what it was made from. */
export interface EngineManifest {
  readonly key: string;
  readonly tensorflow: string;
  readonly device: 'cpu' | 'gpu';
  readonly source: 'wheel';
  readonly wheels: readonly { readonly file: string; readonly sha256: string }[];
  readonly compiler: string;
}

/** Describes an engine inside its folder, as the last file before the folder gets its final name. */
export async function writeManifest(folder: string, recipe: Recipe, compiler: string): Promise<void> {
  const manifest: EngineManifest = {
    key: recipe.key,
    tensorflow: recipe.tensorflow,
    device: recipe.device,
    source: 'wheel',
    wheels: recipe.wheels.map(({ file, sha256 }) => ({ file, sha256 })),
    compiler,
  };
  await writeFile(join(folder, layout.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Reads what an engine folder says about itself; null where there is no complete engine. */
export async function readManifest(folder: string): Promise<EngineManifest | null> {
  try {
    await stat(join(folder, layout.addon));
    return JSON.parse(await readFile(join(folder, layout.manifest), 'utf8')) as EngineManifest;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return null;
    throw error;
  }
}

/** Whether a file-system error says that there is nothing at that path. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
