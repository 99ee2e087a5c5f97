import type { DatasetRecipeName } from '../recipes/dataset-recipes.js';
import type { Manifest } from './manifest.js';
import type { Splits } from './splits.js';

/** The files of one case, as paths that can be opened. */
export interface CaseFiles {
  readonly id: string;
  /** One file that holds all channels, or one file for each channel in order (nnU-Net). */
  readonly images: readonly string[];
  readonly label?: string;
}

/** A dataset folder as it is: the manifest, the cases that train, and the split when there is one. */
export interface Dataset extends Omit<Manifest, 'training' | 'validation'> {
  readonly folder: string;
  /** Sorted by id. */
  readonly cases: readonly CaseFiles[];
  readonly splits?: Splits;
  /** The recipe that the folder was read by; its label table says which voxel values stand for the classes. */
  readonly recipe?: DatasetRecipeName;
}
