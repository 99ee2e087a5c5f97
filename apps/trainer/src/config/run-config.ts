import type { AugmentationStep, DatasetRecipeName, Recipe } from '@bipvl/preprocess';
import type { Label, SegmenterConfig } from '@bipvl/segmenter';

/** How the patches of a step are drawn. */
export interface SamplingConfig {
  /** Patches a step. */
  batch: number;
  /** Chance that a patch is centred on a label rather than on background. */
  positiveFraction: number;
  /** Give each class that occurs the same chance of being the centre. */
  balanceClasses: boolean;
  /** Background centres lie where the prepared image exceeds this; null takes any voxel. */
  backgroundAbove: number | null;
}

/** AdamW and the learning rate of each step: up linearly over the warm-up, then down half a cosine. */
export interface OptimiserConfig {
  learningRate: number;
  finalLearningRate: number;
  weightDecay: number;
  warmupSteps: number;
  /** Largest global norm of the gradients; null clips nothing. */
  clipNorm: number | null;
}

/** When and on what a model is validated; the best validated model is the result of the run. */
export interface ValidationConfig {
  /** Steps between two validations; the last step is always followed by one. */
  every: number;
  /** Most validation cases that are used, spread evenly over the fold's; null uses all. */
  cases: number | null;
  /** Share of a window that the next one covers again, in [0, 1). */
  overlap: number;
}

/** A segmenter whose labels may be left to the dataset. */
export type SegmenterSettings = LabelsLeftOpen<SegmenterConfig>;
type LabelsLeftOpen<T> = T extends SegmenterConfig ? Omit<T, 'labels'> & { labels: Label[] | null } : never;

/** Everything that decides what a run computes: `config.yaml`. */
export interface RunConfig {
  /** Folder of a Decathlon or nnU-Net dataset. */
  data: string;
  /** Which dataset of the paper the folder holds, read as it is unpacked; null where its `dataset.json` says all. */
  dataset: DatasetRecipeName | null;
  /** Which fold of the split trains and validates, from 0. */
  fold: number;
  /** Seed of the weights, the sampling, the augmentation, dropout and noise. */
  seed: number;
  /** Name of a shipped concept set or path of a JSON file; null for a method that reads no text. */
  concepts: string | null;
  /** Deterministic preprocessing of every case. */
  recipe: Recipe;
  segmenter: SegmenterSettings;
  sampling: SamplingConfig;
  /** Random steps applied to each patch, in this order. */
  augmentation: AugmentationStep[];
  optimiser: OptimiserConfig;
  /** Length of the run in optimiser steps. */
  steps: number;
  validation: ValidationConfig;
  checkpoint: {
    /** Steps between two checkpoints. */
    every: number;
  };
  loading: {
    /** Threads that prepare cases and make patches ahead; 0 works on the main thread, null takes all cores but one, at most 8. */
    workers: number | null;
    /** Folder for prepared cases, which other runs may share; null keeps them in the run folder until the run has finished. */
    cache: string | null;
  };
}

/** A configuration whose labels have been filled in from the dataset. */
export interface ResolvedConfig extends Omit<RunConfig, 'segmenter'> {
  segmenter: SegmenterConfig;
}

/** A configuration as it is written down: what has a default may be left out. */
export type RunConfigInput = Written<RunConfig> & Pick<RunConfig, 'data'>;
type Written<T> = T extends readonly unknown[]
  ? Readonly<T>
  : T extends object
    ? { [Key in keyof T]?: Written<T[Key]> }
    : T;
