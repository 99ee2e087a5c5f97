import type { LabelPairs } from '../augment/flip.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Shape3 } from '../volume.js';

/** Something that a dataset's own files name, with the spellings that are found in the wild. */
export interface NamedEntry {
  readonly name: string;
  /** Other spellings; case, spaces and punctuation never matter. */
  readonly aliases: readonly string[];
}

/** A class: `values` are the voxel values that stand for it in the label files. */
export interface RecipeLabel extends NamedEntry {
  readonly id: number;
  readonly values: readonly number[];
}

/** Overlapping regions, each the union of classes, by class name. */
export interface RecipeRegion {
  readonly name: string;
  readonly labels: readonly string[];
}

/** How patches are drawn from a prepared case. */
export interface RecipeSampling {
  /** Sides of a patch in voxels. */
  readonly size: Shape3;
  /** Chance that a patch is centred on a label. */
  readonly positiveFraction: number;
  /** A background centre has a prepared image value above this. */
  readonly backgroundAbove: number;
}

/**
 * Who trains, validates and tests. `held-out`: a share of the cases is held out, the others are folded. `listed`: the
 * manifest's `validation` list is held out. `rotating-test`: each fold has its own test cases and `validation` others.
 */
export type SplitPlan =
  | { readonly kind: 'held-out'; readonly folds: number; readonly seed: number; readonly fraction: number }
  | { readonly kind: 'listed'; readonly folds: number; readonly seed: number }
  | {
      readonly kind: 'rotating-test';
      readonly folds: number;
      readonly seed: number;
      readonly validation: number;
    };

/** All that the paper's experiments need to know about a dataset; plain data. */
export interface DatasetRecipe {
  /** What the dataset is called in reports. */
  readonly title: string;
  /** Which files a folder has: a `dataset.json`, the same with a `validation` list, or MM-WHS's pairs of files. */
  readonly layout: 'manifest' | 'amos' | 'mm-whs';
  readonly modality: 'CT' | 'MR';
  readonly channels: readonly NamedEntry[];
  /** Classes by id, the background first. */
  readonly labels: readonly RecipeLabel[];
  /** Empty where the classes exclude each other. */
  readonly regions: readonly RecipeRegion[];
  /** Cases of the public release. */
  readonly cases: { readonly train: number; readonly heldOut: number };
  /** Deterministic preprocessing. */
  readonly preprocessing: Recipe;
  readonly sampling: RecipeSampling;
  /** Key of `AUGMENTATION_PRESETS`. */
  readonly augmentation: 'ct' | 'mr' | 'brain';
  /** Ids that change places when left and right do. */
  readonly labelPairs: LabelPairs;
  readonly split: SplitPlan;
}
