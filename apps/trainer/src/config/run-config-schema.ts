import {
  augmentationStepSchema,
  DATASET_RECIPES,
  type DatasetRecipeName,
  recipeSchema,
} from '@bipvl/preprocess';
import { type SegmenterConfig, segmenterConfigSchema } from '@bipvl/segmenter';
import { z } from 'zod';
import type { ResolvedConfig } from './run-config.js';

const count = z.int().min(1);
const share = z.number().min(0).max(1);

const sampling = z.strictObject({
  batch: count.default(2),
  positiveFraction: share.default(0.5),
  balanceClasses: z.boolean().default(false),
  backgroundAbove: z.number().nullable().default(null),
});

/** The defaults are those of the paper (arXiv 2503.23534, section 4). */
const optimiser = z
  .strictObject({
    learningRate: z.number().positive().default(1e-4),
    finalLearningRate: z.number().min(0).default(1e-7),
    weightDecay: z.number().min(0).default(1e-5),
    warmupSteps: z.int().min(0).default(0),
    clipNorm: z.number().positive().nullable().default(null),
  })
  .refine(({ learningRate, finalLearningRate }) => finalLearningRate <= learningRate, {
    message: 'must not exceed learningRate',
    path: ['finalLearningRate'],
  });

const validation = z.strictObject({
  every: count.default(100),
  cases: count.nullable().default(null),
  overlap: z.number().min(0).lt(1).default(0.25),
});

const datasetNames = Object.keys(DATASET_RECIPES) as DatasetRecipeName[];

const loading = z.strictObject({
  workers: z.int().min(0).nullable().default(null),
  cache: z.string().min(1).nullable().default(null),
});

/** The schema of a whole configuration: strict at every level, so that a misspelt key is an error and not a default. */
export const runConfigSchema: z.ZodType<ResolvedConfig> = z
  .strictObject({
    data: z.string().min(1),
    dataset: z.enum(datasetNames).nullable().default(null),
    fold: z.int().min(0).default(0),
    seed: z.int().min(0).max(0xffffffff).default(42),
    concepts: z.string().min(1).nullable().default(null),
    recipe: recipeSchema.prefault({}),
    segmenter: segmenterConfigSchema,
    sampling: sampling.prefault({}),
    augmentation: z.array(augmentationStepSchema).default([]),
    optimiser: optimiser.prefault({}),
    steps: count.default(1000),
    validation: validation.prefault({}),
    checkpoint: z.strictObject({ every: count.default(100) }).prefault({}),
    loading: loading.prefault({}),
  })
  .refine(({ optimiser: { warmupSteps }, steps }) => warmupSteps < steps, {
    message: 'must be below steps',
    path: ['optimiser', 'warmupSteps'],
  })
  .refine(({ segmenter, concepts }) => !readsText(segmenter) || concepts !== null, {
    message: 'is missing, and a text-guided method needs it',
    path: ['concepts'],
  });

/** Whether a method is given texts. */
export function readsText(segmenter: Pick<SegmenterConfig, 'method'>): boolean {
  return segmenter.method !== 'vision-only';
}
