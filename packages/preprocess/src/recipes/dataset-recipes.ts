import { PreprocessError } from '../errors.js';
import { AMOS22_CT } from './amos22-ct.js';
import type { DatasetRecipe } from './dataset-recipe.js';
import { MM_WHS_CT, MM_WHS_MR } from './mm-whs.js';
import { MSD_BRAIN } from './msd-brain.js';
import { MSD_HIPPOCAMPUS } from './msd-hippocampus.js';

/** Names of the datasets that have a recipe. */
export type DatasetRecipeName = 'amos22-ct' | 'mm-whs-ct' | 'mm-whs-mr' | 'msd-brain' | 'msd-hippocampus';

/** The datasets of the BiPVL-Seg paper, and the Decathlon's hippocampus, by name. */
export const DATASET_RECIPES: Readonly<Record<DatasetRecipeName, DatasetRecipe>> = {
  'amos22-ct': AMOS22_CT,
  'mm-whs-ct': MM_WHS_CT,
  'mm-whs-mr': MM_WHS_MR,
  'msd-brain': MSD_BRAIN,
  'msd-hippocampus': MSD_HIPPOCAMPUS,
};

/** True for the names of `DATASET_RECIPES`. */
export function isDatasetRecipeName(name: string): name is DatasetRecipeName {
  return Object.hasOwn(DATASET_RECIPES, name);
}

/** The recipe of a dataset by name. Throws `unknown-recipe` for any other name. */
export function datasetRecipe(name: string): DatasetRecipe {
  if (isDatasetRecipeName(name)) return DATASET_RECIPES[name];
  throw new PreprocessError('unknown-recipe', `there is no dataset recipe ${JSON.stringify(name)}`, {
    kind: 'usage',
    hint: `name one of ${Object.keys(DATASET_RECIPES).join(', ')}`,
  });
}
