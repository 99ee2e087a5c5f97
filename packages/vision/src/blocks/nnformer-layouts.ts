import type { Triple } from '@bipvl/nn';

/** What nnFormer was published for, and a form of ours for cubes of isotropic voxels. */
export type NnFormerLayout = 'isotropic' | 'synapse' | 'acdc' | 'tumour';

/** Halves the sides of a grid in the encoder; the decoder's transposed convolution of the same stride goes back. */
export interface NnFormerReduction {
  readonly kernel: Triple;
  readonly stride: Triple;
  readonly padding: Triple;
  /** Of the way back, for the voxels that the convolution left out. */
  readonly outputPadding: Triple;
}

/** What differs between the layouts. */
export interface NnFormerForm {
  /** Sides of the images in voxels. */
  readonly imageSides: Triple;
  /** Channels of the first stage. */
  readonly width: number;
  /** Attention heads of each encoder stage, fine to deep. */
  readonly heads: readonly number[];
  /** Whose heads a decoder level has: those of the stage it returns to (0), or of the stage below (1). */
  readonly decoderHeadsFrom: 0 | 1;
  /** Of each stage: one number for a cube that shrinks with the grid, three for windows that stay as they are. */
  readonly windows: readonly (number | Triple)[];
  /** Strides of the first and the third convolution of the stem; their product is the patch, the voxels of a token. */
  readonly stem: readonly [Triple, Triple];
  readonly reductions: readonly NnFormerReduction[];
  /** Whether tokens that only a shift brings together are kept apart. */
  readonly shiftMask: boolean;
  readonly deepSupervision: boolean;
}

const halving: NnFormerReduction = {
  kernel: [3, 3, 3],
  stride: [2, 2, 2],
  padding: [1, 1, 1],
  outputPadding: [0, 0, 0],
};

const tumour: NnFormerForm = {
  imageSides: [128, 128, 128],
  width: 96,
  heads: [3, 6, 12, 24],
  decoderHeadsFrom: 1,
  windows: [4, 4, 8, 4],
  stem: [
    [2, 2, 2],
    [2, 2, 2],
  ],
  reductions: [halving, halving, halving],
  shiftMask: true,
  deepSupervision: false,
};

/** The layouts of nnFormer's release, and 'isotropic': the tumour's for 96 voxels a side, with the encoder's heads in the decoder. */
export const nnFormerForms: Readonly<Record<NnFormerLayout, NnFormerForm>> = {
  isotropic: { ...tumour, imageSides: [96, 96, 96], decoderHeadsFrom: 0 },
  tumour,
  synapse: {
    ...tumour,
    imageSides: [64, 128, 128],
    width: 192,
    heads: [6, 12, 24, 48],
    decoderHeadsFrom: 0,
    stem: [
      [2, 2, 2],
      [1, 2, 2],
    ],
    deepSupervision: true,
  },
  acdc: {
    ...tumour,
    imageSides: [14, 160, 160],
    decoderHeadsFrom: 0,
    windows: [
      [3, 5, 5],
      [3, 5, 5],
      [7, 10, 10],
      [3, 5, 5],
    ],
    stem: [
      [1, 2, 2],
      [1, 2, 2],
    ],
    reductions: [
      { kernel: [1, 3, 3], stride: [1, 2, 2], padding: [0, 1, 1], outputPadding: [0, 0, 0] },
      halving,
      // From 7 slices to 3, and back to 7.
      { ...halving, padding: [0, 1, 1], outputPadding: [1, 0, 0] },
    ],
    shiftMask: false,
  },
};
