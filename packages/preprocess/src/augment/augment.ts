import { z } from 'zod';
import { perAxis } from '../geometry/per-axis.js';
import type { Patch } from '../sampling/patch.js';
import { affinePatch } from './affine.js';
import { flipPatch, type LabelPairs } from './flip.js';
import { scaleIntensity, shiftIntensity } from './intensity.js';

/** One random step, applied with its own probability. */
export type AugmentationStep =
  /** Mirrors each axis with its probability; `labelPairs` swap when D (left-right in RAS) is mirrored. */
  | {
      readonly kind: 'flip';
      readonly probability: readonly [number, number, number];
      readonly labelPairs: LabelPairs;
    }
  /** Adds a number drawn from `range`. */
  | { readonly kind: 'shift'; readonly range: readonly [number, number]; readonly probability: number }
  /** Multiplies by 1 plus a number drawn from `range`. */
  | { readonly kind: 'scale'; readonly range: readonly [number, number]; readonly probability: number }
  /** Rotates by up to `rotation` radians about each axis and scales each axis by a factor from `scale`. */
  | {
      readonly kind: 'affine';
      readonly rotation: readonly [number, number, number];
      readonly scale: readonly [number, number];
      readonly probability: number;
    };

const probability = z.number().min(0).max(1);
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, { message: 'low above high' });
const angle = z.number().min(0).max(Math.PI);

/** Validates one augmentation step; unknown keys are refused. */
export const augmentationStepSchema: z.ZodType<AugmentationStep> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('flip'),
    probability: z.tuple([probability, probability, probability]),
    labelPairs: z.array(z.tuple([z.int().min(1), z.int().min(1)])).default([]),
  }),
  z.strictObject({ kind: z.literal('shift'), range, probability }),
  z.strictObject({ kind: z.literal('scale'), range, probability }),
  z.strictObject({
    kind: z.literal('affine'),
    rotation: z.tuple([angle, angle, angle]),
    scale: range.refine(([low]) => low > 0, { message: 'a scale must be above 0' }),
    probability,
  }),
]);

/**
 * Applies random steps to a patch, in order. Each step draws from `random` (uniform in `[0, 1)`) first whether it
 * applies, then its parameters; a flip draws one number for each axis.
 */
export function augmentPatch(patch: Patch, steps: readonly AugmentationStep[], random: () => number): Patch {
  return steps.reduce((current, step) => applyStep(current, step, random), patch);
}

function applyStep(patch: Patch, step: AugmentationStep, random: () => number): Patch {
  if (step.kind === 'flip') {
    return flipPatch(
      patch,
      perAxis((axis) => random() < step.probability[axis]),
      step.labelPairs,
    );
  }
  if (!(random() < step.probability)) return patch;
  switch (step.kind) {
    case 'shift':
      return shiftIntensity(patch, between(step.range, random));
    case 'scale':
      return scaleIntensity(patch, 1 + between(step.range, random));
    case 'affine': {
      const rotation = perAxis((axis) => between([-step.rotation[axis], step.rotation[axis]], random));
      return affinePatch(patch, { rotation, scale: perAxis(() => between(step.scale, random)) });
    }
  }
}

function between([low, high]: readonly [number, number], random: () => number): number {
  return low + (high - low) * random();
}
