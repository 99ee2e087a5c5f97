import { z } from 'zod';
import { PreprocessError } from '../errors.js';
import { ORIENTATION_CODES } from '../geometry/orientation.js';

/** z-score (over voxels that are not 0 when `nonZero`), or a window of intensities mapped to `[0, 1]`. */
export type Intensity =
  | { readonly kind: 'zscore'; readonly nonZero: boolean; readonly perChannel: boolean }
  | { readonly kind: 'window'; readonly low: number; readonly high: number };

/** Deterministic preprocessing as JSON; the steps run in the order in which they stand here. */
export interface Recipe {
  /** Orientation code of the array axes, or null to leave them. Default `'RAS'`. */
  readonly orientation: string | null;
  /** Spacing in mm along the axes as oriented, 0 keeps one; null leaves the grid. */
  readonly spacing: readonly [number, number, number] | null;
  /** What happens to the values of an image, if anything; labels are never touched. */
  readonly intensity: Intensity | null;
  /** Crop to image > threshold after the intensity step, with a margin in voxels; null keeps everything. */
  readonly crop: { readonly threshold: number; readonly margin: readonly [number, number, number] } | null;
  /** Least sides in voxels, reached by symmetric padding with `padValue`; null pads nothing. */
  readonly pad: readonly [number, number, number] | null;
  readonly padValue: number;
}

const millimetres = z.tuple([z.number().min(0), z.number().min(0), z.number().min(0)]);
const voxels = z.tuple([z.int().min(0), z.int().min(0), z.int().min(0)]);

const zscore = z.strictObject({
  kind: z.literal('zscore'),
  nonZero: z.boolean().default(false),
  perChannel: z.boolean().default(true),
});

const window = z
  .strictObject({ kind: z.literal('window'), low: z.number(), high: z.number() })
  .refine(({ low, high }) => high > low, { message: 'low must be below high' });

const crop = z.strictObject({ threshold: z.number().default(0), margin: voxels.default([0, 0, 0]) });

/** Validates a recipe and fills in the defaults; unknown keys are refused. */
export const recipeSchema: z.ZodType<Recipe> = z.strictObject({
  orientation: z.enum(ORIENTATION_CODES).nullable().default('RAS'),
  spacing: millimetres.nullable().default(null),
  intensity: z.discriminatedUnion('kind', [zscore, window]).nullable().default(null),
  crop: crop.nullable().default(null),
  pad: voxels.nullable().default(null),
  padValue: z.number().default(0),
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
