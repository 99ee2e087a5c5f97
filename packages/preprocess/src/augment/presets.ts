import type { AugmentationStep } from './augmentation-step.js';

const TENTH = [-0.1, 0.1] as const;
const SIX_DEGREES = Math.PI / 30;
const THIRTY_DEGREES = Math.PI / 6;
const QUARTER = [0.75, 1.25] as const;
const POWERS = [0.7, 1.5] as const;
const EVERY_AXIS = { kind: 'flip', probability: [0.5, 0.5, 0.5], labelPairs: [] } as const;

/**
 * Random steps after cropping. `ct`, `mr` and `brain`: what BiPVL-Seg's public training code does by dataset. `paper`:
 * what the paper (arXiv 2503.23534) says it does everywhere, with the code's ranges. `nnunet`: the 3-D default of
 * nnU-Net v2, whose range of noise is named a variance there and used as a standard deviation, as here; it turns a
 * larger crop, where this reflects at the faces of the patch. The flips of
 * `brain`, `paper` and `nnunet` mirror left and right too: see `withoutSideFlips`.
 */
export const AUGMENTATION_PRESETS: Readonly<
  Record<'ct' | 'mr' | 'brain' | 'paper' | 'nnunet', readonly AugmentationStep[]>
> = {
  ct: [
    { kind: 'shift', range: TENTH, probability: 0.5 },
    { kind: 'affine', rotation: [0, 0, SIX_DEGREES], scale: [0.9, 1.1], probability: 1 },
  ],
  mr: [
    { kind: 'scale', range: TENTH, probability: 0.5 },
    { kind: 'shift', range: TENTH, probability: 0.5 },
  ],
  brain: [
    EVERY_AXIS,
    { kind: 'scale', range: TENTH, probability: 1 },
    { kind: 'shift', range: TENTH, probability: 1 },
  ],
  paper: [
    EVERY_AXIS,
    { kind: 'shift', range: TENTH, probability: 0.5 },
    { kind: 'affine', rotation: [0, 0, SIX_DEGREES], scale: [1, 1], probability: 1 },
  ],
  nnunet: [
    {
      kind: 'affine',
      rotation: [THIRTY_DEGREES, THIRTY_DEGREES, THIRTY_DEGREES],
      scale: [0.7, 1.4],
      probability: 1,
      rotationProbability: 0.2,
      scaleProbability: 0.2,
      perAxis: false,
    },
    { kind: 'noise', deviation: [0, 0.1], probability: 0.1 },
    { kind: 'blur', sigma: [0.5, 1], probability: 0.2, channelProbability: 0.5 },
    { kind: 'brightness', factor: QUARTER, probability: 0.15 },
    { kind: 'contrast', factor: QUARTER, probability: 0.15 },
    { kind: 'low-resolution', zoom: [0.5, 1], probability: 0.25, channelProbability: 0.5 },
    { kind: 'gamma', gamma: POWERS, probability: 0.1, invert: true },
    { kind: 'gamma', gamma: POWERS, probability: 0.3 },
    EVERY_AXIS,
  ],
};
