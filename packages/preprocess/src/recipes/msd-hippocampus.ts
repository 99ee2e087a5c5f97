import { parseRecipe } from '../recipe/recipe.js';
import type { DatasetRecipe } from './dataset-recipe.js';
import { labelList } from './label-list.js';

/**
 * Task04 of the Medical Segmentation Decathlon: MR crops of about 36 x 50 x 35 mm, which have no air to leave out, so
 * that all voxels count in the z-score and nothing is cropped. Not a dataset of the paper.
 */
export const MSD_HIPPOCAMPUS: DatasetRecipe = {
  title: 'Medical Segmentation Decathlon, Task04 hippocampus',
  layout: 'manifest',
  modality: 'MR',
  channels: [{ name: 'MRI', aliases: ['MR', 'T1w'] }],
  labels: labelList([
    ['anterior', 'anterior hippocampus'],
    ['posterior', 'posterior hippocampus'],
  ]),
  regions: [],
  cases: { train: 208, heldOut: 52 },
  preprocessing: parseRecipe({
    orientation: 'RAS',
    spacing: [1, 1, 1],
    intensity: { kind: 'zscore', nonZero: false, perChannel: true },
    pad: [48, 64, 48],
  }),
  sampling: { size: [48, 64, 48], positiveFraction: 0.5, backgroundAbove: 0 },
  augmentation: 'mr',
  labelPairs: [],
  split: { kind: 'held-out', folds: 3, seed: 0, fraction: 0.2 },
};
