import type { DatasetRecipeName } from './dataset-recipes.js';

// Ids from 500 on are MR (AMOS22's own description).
const AMOS_FIRST_MR = 500;

/** True when a case id, or the name of a file without ending, is of the part of a dataset that a recipe is for. */
export function selectsCase(recipe: DatasetRecipeName, id: string): boolean {
  switch (recipe) {
    case 'amos22-ct':
      return Number(/(\d+)(_0000)?$/.exec(id)?.[1] ?? Number.NaN) < AMOS_FIRST_MR;
    case 'mm-whs-ct':
      return id.startsWith('ct_train_');
    case 'mm-whs-mr':
      return id.startsWith('mr_train_');
    case 'msd-brain':
    case 'msd-hippocampus':
      return true;
  }
}
