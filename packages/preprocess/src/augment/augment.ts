import { perAxis } from '../geometry/per-axis.js';
import type { Patch } from '../sampling/patch.js';
import { affinePatch } from './affine.js';
import type { AffineStep, AugmentationStep, FlipStep } from './augmentation-step.js';
import { blurPatch } from './blur.js';
import { contrastPatch } from './contrast.js';
import { alongAxes, balancedFactor, between, happens, perChannel, type Random } from './draw.js';
import { flipPatch } from './flip.js';
import { gammaPatch } from './gamma.js';
import { brightenPatch, scaleIntensity, shiftIntensity } from './intensity.js';
import { lowResolutionPatch } from './low-resolution.js';
import { noisePatch } from './noise.js';

/**
 * Applies random steps to a patch, in order. Each step draws from `random` (uniform in `[0, 1)`) first whether it
 * applies, then its parameters; a flip draws one number for each axis. Intensity steps share the label with `patch`.
 */
export function augmentPatch(patch: Patch, steps: readonly AugmentationStep[], random: Random): Patch {
  return steps.reduce((current, step) => applyStep(current, step, random), patch);
}

function applyStep(patch: Patch, step: AugmentationStep, random: Random): Patch {
  if (step.kind === 'flip') return flip(patch, step, random);
  if (!happens(step.probability, random)) return patch;
  const { channels } = patch;
  switch (step.kind) {
    case 'shift':
      return shiftIntensity(patch, between(step.range, random));
    case 'scale':
      return scaleIntensity(patch, 1 + between(step.range, random));
    case 'affine':
      return turnAndZoom(patch, step, random);
    case 'noise':
      return noisePatch(patch, between(step.deviation, random), random);
    case 'blur': {
      const draw = () => alongAxes(step.sigma, step.perAxis ?? true, random);
      return blurPatch(patch, perChannel(channels, step.channelProbability, random, draw));
    }
    case 'brightness':
      return brightenPatch(patch, factors(channels, step.factor, random));
    case 'contrast':
      return contrastPatch(patch, factors(channels, step.factor, random), step);
    case 'gamma':
      return gammaPatch(patch, factors(channels, step.gamma, random), step);
    case 'low-resolution': {
      const draw = () => between(step.zoom, random);
      return lowResolutionPatch(patch, perChannel(channels, step.channelProbability, random, draw));
    }
  }
}

function flip(patch: Patch, { probability, labelPairs, leftRightAxis }: FlipStep, random: Random): Patch {
  const axes = perAxis((axis) => random() < probability[axis]);
  return flipPatch(patch, axes, labelPairs, leftRightAxis);
}

/** One resampling for both, or none where neither happens. */
function turnAndZoom(patch: Patch, step: AffineStep, random: Random): Patch {
  const turns = happens(step.rotationProbability, random);
  const rotation = perAxis((axis) =>
    turns ? between([-step.rotation[axis], step.rotation[axis]], random) : 0,
  );
  const zooms = happens(step.scaleProbability, random);
  if (!turns && !zooms) return patch;
  const scale = zooms ? alongAxes(step.scale, step.perAxis ?? true, random) : ([1, 1, 1] as const);
  return affinePatch(patch, { rotation, scale });
}

function factors(channels: number, range: readonly [number, number], random: Random): number[] {
  return Array.from({ length: channels }, () => balancedFactor(range, random));
}
