import { join } from 'node:path';
import type { Dataset } from '../dataset/dataset.js';
import { datasetRecipe } from '../recipes/dataset-recipes.js';

/** Where faults of a dataset as a whole are to be mended: its `dataset.json`, or its folder where it has none. */
export function manifestPath({ folder, recipe }: Dataset): string {
  const without = recipe !== undefined && datasetRecipe(recipe).layout === 'mm-whs';
  return without ? folder : join(folder, 'dataset.json');
}
