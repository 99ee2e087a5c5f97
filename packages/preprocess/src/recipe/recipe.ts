import { z } from 'zod';
import { PreprocessError } from '../errors.js';
import { ORIENTATION_CODES } from '../geometry/orientation.js';
import type { Region } from '../masks/label-regions.js';
import { DEFAULT_LIMITS } from '../nifti/limits.js';

/** z-score (over voxels that are not 0 when `nonZero`), or a window of intensities mapped to `[0, 1]`. */
export type Intensity =
  | { readonly kind: 'zscore'; readonly nonZero: boolean; readonly perChannel: boolean }
  | { readonly kind: 'window'; readonly low: number; readonly high: number };

/** Deterministic preprocessing as JSON; the steps run in the order in which they stand here. */
export interface Recipe {
  /**
   * `orient-first` (default): spacing is given along the oriented axes. `spacing-first`: along the axes of the file, which
   * are oriented afterwards; for comparison with pipelines that do so.
   */
  readonly order: 'orient-first' | 'spacing-first';
  /** Orientation code of the array axes, or null to leave them. Default `'RAS'`. */
  readonly orientation: string | null;
  /** Spacing in mm along the axes, 0 keeps one; null leaves the grid. */
  readonly spacing: readonly [number, number, number] | null;
  /** What happens to the values of an image, if anything; labels are never touched. */
  readonly intensity: Intensity | null;
  /** Crop to image > threshold after the intensity step, with a margin in voxels; null keeps everything. */
  readonly crop: { readonly threshold: number; readonly margin: readonly [number, number, number] } | null;
  /** Least sides in voxels, reached by symmetric padding with `padValue`; null pads nothing. */
  readonly pad: readonly [number, number, number] | null;
  readonly padValue: number;
  /** Ids that the values of a label file stand for, e.g. `{ "500": 1 }`, and what becomes of others; null keeps all. */
  readonly labels: {
    readonly values: Readonly<Record<string, number>>;
    readonly others: 'refuse' | 'background' | 'keep';
  } | null;
  /** Regions that may overlap: the label gets one 0/1 channel for each; null keeps the label map. */
  readonly regions: readonly Region[] | null;
}

// Bounds that no scan comes near, so that a recipe from elsewhere cannot ask for more memory than there is.
const [FINEST_MM, COARSEST_MM, LONGEST_SIDE] = [0.01, 1000, 32767];

const step = z.union([z.literal(0), z.number().min(FINEST_MM).max(COARSEST_MM)], {
  error: `expected 0 (keep) or ${FINEST_MM} to ${COARSEST_MM} mm`,
});
const millimetres = z.tuple([step, step, step]);
const side = z.int().min(0).max(LONGEST_SIDE);
const voxels = z.tuple([side, side, side]);
const padding = voxels.refine(([d, h, w]) => d * h * w <= DEFAULT_LIMITS.maxVoxels, {
  message: `more than ${DEFAULT_LIMITS.maxVoxels} voxels`,
});

const zscore = z.strictObject({
  kind: z.literal('zscore'),
  nonZero: z.boolean().default(false),
  perChannel: z.boolean().default(true),
});

const window = z
  .strictObject({ kind: z.literal('window'), low: z.number(), high: z.number() })
  .refine(({ low, high }) => high > low, { message: 'low must be below high' });

const crop = z.strictObject({ threshold: z.number().default(0), margin: voxels.default([0, 0, 0]) });

const labels = z.strictObject({
  values: z.record(z.string().regex(/^-?\d+$/, 'a label value is a whole number'), z.int()),
  others: z.enum(['refuse', 'background', 'keep']).default('refuse'),
});

const region = z.strictObject({ name: z.string().min(1), labels: z.array(z.int().min(1)).min(1) });

/** Validates a recipe and fills in the defaults; unknown keys are refused. */
export const recipeSchema: z.ZodType<Recipe> = z.strictObject({
  order: z.enum(['orient-first', 'spacing-first']).default('orient-first'),
  orientation: z.enum(ORIENTATION_CODES).nullable().default('RAS'),
  spacing: millimetres.nullable().default(null),
  intensity: z.discriminatedUnion('kind', [zscore, window]).nullable().default(null),
  crop: crop.nullable().default(null),
  pad: padding.nullable().default(null),
  padValue: z.number().default(0),
  labels: labels.nullable().default(null),
  regions: z.array(region).min(1).nullable().default(null),
});

/** A recipe from JSON, defaults filled in. Throws `bad-recipe` naming the first faulty key. */
export function parseRecipe(value: unknown): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue?.path.join('.') || 'recipe';
  throw new PreprocessError('bad-recipe', `preprocessing recipe, ${key}: ${issue?.message}`, {
    kind: 'usage',
    hint: 'correct that key; the recipe is described in the README of @bipvl/preprocess',
  });
}
