import { z } from 'zod';

/** A number of things of which there is at least one. */
export const count: z.ZodType<number> = z.int().min(1);

/** Sides along [D, H, W], in voxels. */
export const sides: z.ZodType<[number, number, number]> = z.tuple([count, count, count]);

/** A share of a whole, such as a rate of dropout. */
export const share: z.ZodType<number> = z.number().min(0).max(1);

/** A factor that does not turn a sign. */
export const factor: z.ZodType<number> = z.number().min(0);

/** A number of each stage, or one for all. */
export const perStage: z.ZodType<number | number[]> = z.union([count, z.array(count).min(1)]);

/** Sides of each stage, or one for all. */
export const sidesPerStage: z.ZodType<number | (number | [number, number, number])[]> = z.union([
  count,
  z.array(z.union([count, sides])).min(2),
]);

/** Which convolutions have a bias: all, none, or those that no normalisation follows. */
export const bias: z.ZodType<boolean | 'unnormalised'> = z.union([z.boolean(), z.literal('unnormalised')]);

/** The normalisation of convolutions or skips. */
export const normalisation: z.ZodType<'instance' | 'batch' | { groups: number }> = z.union([
  z.enum(['instance', 'batch']),
  z.strictObject({ groups: count }),
]);
