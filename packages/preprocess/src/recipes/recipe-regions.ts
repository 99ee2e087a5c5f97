import type { DatasetLabel } from '../dataset/manifest.js';
import { PreprocessError } from '../errors.js';
import type { Region } from '../masks/label-regions.js';
import type { DatasetRecipe } from './dataset-recipe.js';
import { isNamed } from './same-name.js';

/**
 * The regions of a recipe, for `labelRegions`, with the ids that a manifest gives to the names, so that a manifest in another order is read
 * right. Throws `region-label` where the manifest lacks a class.
 */
export function recipeRegions(recipe: DatasetRecipe, labels: readonly DatasetLabel[]): Region[] {
  return recipe.regions.map((region) => ({
    name: region.name,
    labels: region.labels.map((name) => idOf(name, recipe, labels)),
  }));
}

function idOf(name: string, recipe: DatasetRecipe, labels: readonly DatasetLabel[]): number {
  const entry = recipe.labels.find((label) => label.name === name) ?? { name, aliases: [] };
  const found = labels.find((label) => isNamed(entry, label.name));
  if (found !== undefined) return found.id;
  const names = labels.map((label) => label.name).join(', ');
  throw new PreprocessError('region-label', `no label is called ${name}; the manifest has ${names}`, {
    kind: 'data',
    hint: 'correct labels in dataset.json',
  });
}
