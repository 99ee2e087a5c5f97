import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { EngineError } from './errors.js';
import type { Recipe } from './recipe.js';

/** Wheels fetched elsewhere, by file name. Throws `wheel-unknown` for a file the recipe has no use for, `wheel-missing` for none. */
export function givenWheels(recipe: Recipe, paths: readonly string[]): ReadonlyMap<string, string> {
  const files = recipe.wheels.map(({ file }) => file);
  for (const path of paths) {
    if (!files.includes(basename(path))) {
      throw new EngineError('wheel-unknown', `--wheel ${path}: expected one of ${files.join(', ')}`, {
        kind: 'usage',
        hint: 'give the file under the name the package index gives it (and --gpu for the wheels with CUDA)',
      });
    }
    if (!existsSync(path)) {
      throw new EngineError('wheel-missing', `--wheel ${path}: no such file`, {
        kind: 'usage',
        hint: 'check the path',
      });
    }
  }
  return new Map(paths.map((path) => [basename(path), path]));
}
