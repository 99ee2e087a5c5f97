import type { RecipeLabel } from './dataset-recipe.js';

const BACKGROUND: RecipeLabel = { id: 0, name: 'background', aliases: [], values: [0] };

/** Classes with ids from 1 in the order given, each stored as its own id, behind the background. */
export function labelList(
  entries: readonly (readonly [name: string, ...aliases: string[]])[],
): RecipeLabel[] {
  return labelListOf(entries.map((names, index) => ({ names, values: [index + 1] })));
}

/** Classes with ids from 1 in the order given, each with the values that its voxels have, behind the background. */
export function labelListOf(
  entries: readonly { readonly names: readonly [string, ...string[]]; readonly values: readonly number[] }[],
): RecipeLabel[] {
  const classes = entries.map(({ names: [name, ...aliases], values }, index) => ({
    id: index + 1,
    name,
    aliases,
    values,
  }));
  return [BACKGROUND, ...classes];
}
