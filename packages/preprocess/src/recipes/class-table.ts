import type { Dataset } from '../dataset/dataset.js';
import { datasetRecipe } from './dataset-recipes.js';
import { labelTable } from './label-table.js';

/** Voxel value in the label files of a dataset to class id: by its recipe, else each value is its own class. */
export function classTable({
  recipe,
  labels,
}: Pick<Dataset, 'recipe' | 'labels'>): ReadonlyMap<number, number> {
  if (recipe === undefined) return new Map(labels.map(({ id }) => [id, id]));
  const table = labelTable(datasetRecipe(recipe));
  return new Map(Object.entries(table).map(([value, id]) => [Number(value), id]));
}
