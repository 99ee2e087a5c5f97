import { z } from 'zod';
import type { AugmentationStep } from './augmentation-step.js';

const probability = z.number().min(0).max(1);
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, { message: 'low above high' });
const angle = z.number().min(0).max(Math.PI);
const label = z.int().min(1);

/** A range of numbers that must exceed 0. */
function positiveRange(name: string) {
  return range.refine(([low]) => low > 0, { message: `${name} must be above 0` });
}

const deviation = range.refine(([low]) => low >= 0, { message: 'a standard deviation must not be below 0' });
const zoom = positiveRange('a zoom').refine(([, high]) => high <= 1, {
  message: 'a zoom above 1 would not lower the resolution',
});

const pairs = z.array(z.tuple([label, label])).refine((all) => new Set(all.flat()).size === 2 * all.length, {
  message: 'each label may stand in one pair only, with another label',
});

/** Validates one augmentation step; unknown keys are refused. */
export const augmentationStepSchema: z.ZodType<AugmentationStep> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('flip'),
    probability: z.tuple([probability, probability, probability]),
    labelPairs: pairs.default([]),
    leftRightAxis: z.literal([0, 1, 2]).optional(),
  }),
  z.strictObject({ kind: z.literal('shift'), range, probability }),
  z.strictObject({ kind: z.literal('scale'), range, probability }),
  z.strictObject({
    kind: z.literal('affine'),
    rotation: z.tuple([angle, angle, angle]),
    scale: positiveRange('a scale'),
    probability,
    rotationProbability: probability.optional(),
    scaleProbability: probability.optional(),
    perAxis: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('noise'), deviation, probability }),
  z.strictObject({
    kind: z.literal('blur'),
    sigma: deviation,
    probability,
    channelProbability: probability.optional(),
    perAxis: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('brightness'), factor: positiveRange('a factor'), probability }),
  z.strictObject({
    kind: z.literal('contrast'),
    factor: positiveRange('a factor'),
    probability,
    keepRange: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('gamma'),
    gamma: positiveRange('gamma'),
    probability,
    invert: z.boolean().optional(),
    keepStatistics: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('low-resolution'),
    zoom,
    probability,
    channelProbability: probability.optional(),
  }),
]);
