import type { CaseFiles, Dataset } from '../dataset/dataset.js';
import { PreprocessError } from '../errors.js';
import { remapLabels } from '../masks/remap-labels.js';
import type { ReadOptions } from '../nifti/limits.js';
import { datasetRecipe } from '../recipes/dataset-recipes.js';
import { labelTable, needsRemapping } from '../recipes/label-table.js';
import type { Volume } from '../volume.js';
import { readLabel } from './read-case.js';

/**
 * The label of a case with the class ids of its dataset: where the dataset was read by a recipe whose files hold other
 * values (MM-WHS), these are replaced. Throws as `readLabel`, `missing-label` where the case names no label, and
 * `unknown-label` for a value that stands for no class.
 */
export async function readCaseLabel(
  files: CaseFiles,
  dataset: Pick<Dataset, 'recipe'>,
  options: ReadOptions = {},
): Promise<Volume> {
  if (files.label === undefined) throw withoutLabel(files.id);
  const label = await readLabel(files.label, options);
  if (dataset.recipe === undefined) return label;
  const recipe = datasetRecipe(dataset.recipe);
  return needsRemapping(recipe) ? remapLabels(label, labelTable(recipe)) : label;
}

function withoutLabel(id: string): PreprocessError {
  return new PreprocessError('missing-label', `case ${id} has no label`, {
    kind: 'data',
    hint: 'run the dataset check, which names every such case',
  });
}
