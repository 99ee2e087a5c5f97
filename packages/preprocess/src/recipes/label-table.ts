import type { DatasetRecipe } from './dataset-recipe.js';

/** Voxel value in the label files to class id, for `remapLabels`; MM-WHS stores 500 for class 1, and so on. */
export function labelTable({ labels }: Pick<DatasetRecipe, 'labels'>): Record<number, number> {
  return Object.fromEntries(labels.flatMap(({ id, values }) => values.map((value) => [value, id])));
}

/** True when the label files of a dataset hold other values than the class ids. */
export function needsRemapping({ labels }: DatasetRecipe): boolean {
  return labels.some(({ id, values }) => values.some((value) => value !== id));
}
