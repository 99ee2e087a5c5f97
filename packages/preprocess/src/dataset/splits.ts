import { z } from 'zod';
import { PreprocessError } from '../errors.js';
import { seededRandom } from '../random.js';
import { isCaseId } from './case-id.js';
import { shuffled } from './shuffled.js';

/** One fold: cases that train it and cases that validate it. */
export interface Fold {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  /** Cases that test this fold and take no other part in it; without it, the held-out cases test every fold. */
  readonly test?: readonly string[];
}

/** Which cases may train and validate, and which are opened once at the very end. */
export interface Splits {
  readonly train: readonly string[];
  readonly heldOut: readonly string[];
  readonly folds: readonly Fold[];
}

const ids = z.array(z.string().refine(isCaseId, { message: 'a case id has 1 to 128 of A-Z a-z 0-9 . _ -' }));

const fold = z
  .looseObject({ train: ids, validation: ids.optional(), val: ids.optional(), test: ids.optional() })
  .refine((entry) => entry.validation !== undefined || entry.val !== undefined, {
    message: 'validation is missing',
  })
  .transform(({ train, validation, val, test }): Fold => {
    const fold = { train, validation: validation ?? val ?? [] };
    return test === undefined ? fold : { ...fold, test };
  });

const own = z.looseObject({ train: ids, heldOut: ids.default([]), folds: z.array(fold).min(1) });

/** nnU-Net's `splits_final.json`: folds alone, nothing held out. */
const nnunet = z
  .array(fold)
  .min(1)
  .transform((folds): Splits => {
    const train = [...new Set(folds.flatMap(casesOf))].sort();
    return { train, heldOut: [], folds };
  });

/** Reads `splits.json` (`train`, `heldOut`, `folds`) or nnU-Net's list of folds. */
export const splitsSchema: z.ZodType<Splits> = z.union([
  nnunet,
  own.transform(({ train, heldOut, folds }): Splits => ({ train, heldOut, folds })),
]);

/** All cases that take part in a fold. */
export function casesOf({ train, validation, test = [] }: Fold): string[] {
  return [...train, ...validation, ...test];
}

/** How cases are divided when a dataset brings no split. */
export interface SplitOptions {
  readonly folds: number;
  /** Share of the cases that is held out, 0 to below 1. */
  readonly heldOutFraction: number;
  readonly seed: number;
}

/**
 * Divides cases by a seeded shuffle of their sorted ids, so that the order of the listing does not matter. Every
 * training case validates exactly one fold. Throws `bad-split` when there are fewer training cases than folds.
 */
export function makeSplits(caseIds: readonly string[], options: SplitOptions): Splits {
  const { folds, heldOutFraction, seed } = options;
  const order = shuffled([...caseIds].sort(), seededRandom(seed));
  const heldOutCount = Math.round(order.length * heldOutFraction);
  const train = order.slice(heldOutCount);
  if (!(folds >= 2) || !(heldOutFraction >= 0 && heldOutFraction < 1) || train.length < folds) {
    throw new PreprocessError('bad-split', `${train.length} training cases cannot make ${folds} folds`, {
      kind: 'usage',
      hint: 'ask for at least 2 folds and no more than there are training cases, with heldOutFraction in [0, 1)',
    });
  }
  const foldOf = new Map(train.map((id, place) => [id, place % folds]));
  const sorted = [...train].sort();
  return {
    train: sorted,
    heldOut: order.slice(0, heldOutCount).sort(),
    folds: Array.from({ length: folds }, (_, index) => ({
      train: sorted.filter((id) => foldOf.get(id) !== index),
      validation: sorted.filter((id) => foldOf.get(id) === index),
    })),
  };
}
