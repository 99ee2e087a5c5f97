import { parseRecipe } from '../recipe/recipe.js';
import type { DatasetRecipe } from './dataset-recipe.js';
import { labelList } from './label-list.js';

/**
 * AMOS22, its CT part (Ji et al. 2022, arXiv 2206.08023): 200 cases in three folds, the 100 of the validation list held
 * out. Ids below 500 are CT.
 */
export const AMOS22_CT: DatasetRecipe = {
  title: 'AMOS22, CT',
  layout: 'amos',
  modality: 'CT',
  channels: [{ name: 'CT', aliases: [] }],
  labels: labelList([
    ['spleen'],
    ['right kidney', 'kidney right'],
    ['left kidney', 'kidney left'],
    ['gallbladder'],
    ['oesophagus', 'esophagus'],
    ['liver'],
    ['stomach'],
    ['aorta', 'arota'], // as the published manifest spells it
    ['inferior vena cava', 'postcava'],
    ['pancreas'],
    ['right adrenal gland', 'right adrenal', 'adrenal gland right'],
    ['left adrenal gland', 'left adrenal', 'adrenal gland left'],
    ['duodenum'],
    ['bladder', 'urinary bladder'],
    ['prostate/uterus'],
  ]),
  regions: [],
  cases: { train: 200, heldOut: 100 },
  preprocessing: parseRecipe({
    orientation: 'RAS',
    spacing: [1.5, 1.5, 2],
    intensity: { kind: 'window', low: -175, high: 250 },
    crop: { threshold: 0 },
    pad: [96, 96, 96],
  }),
  sampling: { size: [96, 96, 96], positiveFraction: 0.5, backgroundAbove: 0 },
  augmentation: 'ct',
  labelPairs: [
    [2, 3],
    [11, 12],
  ],
  split: { kind: 'listed', folds: 3, seed: 0 },
};
