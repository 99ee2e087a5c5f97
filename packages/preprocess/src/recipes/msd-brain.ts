import { parseRecipe } from '../recipe/recipe.js';
import type { DatasetRecipe } from './dataset-recipe.js';
import { labelList } from './label-list.js';

const [EDEMA, NON_ENHANCING, ENHANCING] = ['edema', 'non-enhancing tumour', 'enhancing tumour'] as const;

/**
 * Task01 of the Medical Segmentation Decathlon (Antonelli et al. 2022, Nature Communications 13:4128): gliomas in four
 * MR contrasts, 96 of 484 cases held out. Enhancing tumour is the class that the manifest calls so, id 3.
 */
export const MSD_BRAIN: DatasetRecipe = {
  title: 'Medical Segmentation Decathlon, Task01 brain tumour',
  layout: 'manifest',
  modality: 'MR',
  channels: [
    { name: 'FLAIR', aliases: [] },
    { name: 'T1w', aliases: ['T1'] },
    { name: 'T1gd', aliases: ['T1ce', 'T1c'] },
    { name: 'T2w', aliases: ['T2'] },
  ],
  labels: labelList([
    [EDEMA, 'oedema'],
    [NON_ENHANCING, 'non-enhancing tumor'],
    [ENHANCING, 'enhancing tumor'],
  ]),
  regions: [
    { name: 'tumour core', labels: [NON_ENHANCING, ENHANCING] },
    { name: 'whole tumour', labels: [EDEMA, NON_ENHANCING, ENHANCING] },
    { name: 'enhancing tumour', labels: [ENHANCING] },
  ],
  cases: { train: 388, heldOut: 96 },
  preprocessing: parseRecipe({
    orientation: 'RAS',
    spacing: [1, 1, 1],
    intensity: { kind: 'zscore', nonZero: true, perChannel: true },
    pad: [96, 96, 96],
  }),
  sampling: { size: [96, 96, 96], positiveFraction: 0.5, backgroundAbove: 0 },
  augmentation: 'brain',
  labelPairs: [],
  split: { kind: 'held-out', folds: 3, seed: 0, fraction: 96 / 484 },
};
