import { type Intensity, parseRecipe } from '../recipe/recipe.js';
import type { DatasetRecipe } from './dataset-recipe.js';
import { labelListOf } from './label-list.js';
import { labelTable } from './label-table.js';

// In the order of the class texts. Some MR masks hold 421 where 420 is meant.
const CHAMBERS = labelListOf([
  { names: ['left ventricle', 'LV', 'left ventricle blood cavity'], values: [500] },
  { names: ['right ventricle', 'RV', 'right ventricle blood cavity'], values: [600] },
  { names: ['left atrium', 'LA', 'left atrium blood cavity'], values: [420, 421] },
  { names: ['right atrium', 'RA', 'right atrium blood cavity'], values: [550] },
  { names: ['left ventricular myocardium', 'Myo', 'myocardium of the left ventricle'], values: [205] },
  { names: ['ascending aorta', 'AA'], values: [820] },
  { names: ['pulmonary artery', 'PA'], values: [850] },
]);

/** The CT part of MM-WHS 2017 (Zhuang and Shen 2016, Medical Image Analysis 31:77): 20 cases, each tested in one of three folds. */
export const MM_WHS_CT: DatasetRecipe = wholeHeart('CT', { kind: 'window', low: 0, high: 400 });

/** The MR part of MM-WHS 2017: 20 cases. The crop keeps what lies above the mean of the voxels that are not 0. */
export const MM_WHS_MR: DatasetRecipe = wholeHeart('MR', { kind: 'zscore', nonZero: true, perChannel: true });

function wholeHeart(modality: 'CT' | 'MR', intensity: Intensity): DatasetRecipe {
  return {
    title: `MM-WHS, ${modality}`,
    layout: 'mm-whs',
    modality,
    channels: [{ name: modality, aliases: [] }],
    labels: CHAMBERS,
    regions: [],
    cases: { train: 20, heldOut: 0 },
    preprocessing: parseRecipe({
      orientation: 'RAS',
      spacing: [1.5, 1.5, 2],
      intensity,
      crop: { threshold: 0 },
      pad: [96, 96, 96],
      labels: { values: labelTable({ labels: CHAMBERS }) },
    }),
    sampling: { size: [96, 96, 96], positiveFraction: 0.5, backgroundAbove: 0 },
    augmentation: modality === 'CT' ? 'ct' : 'mr',
    labelPairs: [], // the two sides of a heart are different organs, mirrored or not
    split: { kind: 'rotating-test', folds: 3, seed: 0, validation: 2 },
  };
}
