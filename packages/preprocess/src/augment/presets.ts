import type { AugmentationStep } from './augment.js';

const TENTH = [-0.1, 0.1] as const;
const SIX_DEGREES = Math.PI / 30;

/** The random part of the paper's training by dataset, after cropping (BiPVL-Seg, public training code). */
export const AUGMENTATION_PRESETS: Readonly<Record<'ct' | 'mr' | 'brain', readonly AugmentationStep[]>> = {
  ct: [
    { kind: 'shift', range: TENTH, probability: 0.5 },
    { kind: 'affine', rotation: [0, 0, SIX_DEGREES], scale: [0.9, 1.1], probability: 1 },
  ],
  mr: [
    { kind: 'scale', range: TENTH, probability: 0.5 },
    { kind: 'shift', range: TENTH, probability: 0.5 },
  ],
  brain: [
    { kind: 'flip', probability: [0.5, 0.5, 0.5], labelPairs: [] },
    { kind: 'scale', range: TENTH, probability: 1 },
    { kind: 'shift', range: TENTH, probability: 1 },
  ],
};
