import { heInitialisation, type Initialisation, type Triple } from '@bipvl/nn';
import type { Bias, LeakyRelu } from './normalised-convolution.js';
import { countsPerStage, type PerStage, type SidesPerStage, stridesPerStage } from './per-stage.js';

/** The four sizes of the paper: 14.6, 58, 440 and 1457 million parameters. */
export type STUNetSize = 'S' | 'B' | 'L' | 'H';

/** Widths, depths and strides; what is left out is that of the size. */
export interface STUNetShape {
  /** Default 'B'. */
  readonly size?: STUNetSize;
  /** Channels of the six stages, fine to deep. S: [16, 32, 64, 128, 256, 256]; B, L and H have 2, 4 and 6 times as many. */
  readonly channels?: readonly number[];
  /** Residual blocks of each stage and of the decoder level that returns to it, one number or a list of six. S and B: 1; L: 2; H: 3. */
  readonly depths?: PerStage<number>;
  /**
   * Stride into each stage: a number for all but the first, or a list that starts with 1. Of a list of more than six the rest is left out, one of
   * fewer is filled up with 1, as the published trainers do with nnU-Net's plans. Default 2.
   */
  readonly strides?: SidesPerStage;
  /** Default true. */
  readonly bias?: Bias;
}

/** The shape with one entry a stage. */
export interface STUNetSettings {
  readonly channels: readonly number[];
  readonly depths: readonly number[];
  readonly strides: readonly Triple[];
  /** What every normalised convolution shares. */
  readonly common: {
    readonly kernel: 3;
    readonly normalisation: 'instance';
    readonly affine: true;
    readonly activation: LeakyRelu;
    readonly initialisation: Initialisation;
    readonly bias: Bias;
  };
}

const stages = 6;

const name = 'STU-Net';

const sizes: Readonly<Record<STUNetSize, { readonly width: number; readonly depth: number }>> = {
  S: { width: 16, depth: 1 },
  B: { width: 32, depth: 1 },
  L: { width: 64, depth: 2 },
  H: { width: 96, depth: 3 },
};

/**
 * What a shape means: its size's numbers where it gives none, one entry a stage.
 * @throws NetworkError `backbone-options` where lists do not go together.
 */
export function stuNetSettings(shape: STUNetShape): STUNetSettings {
  const { size = 'B', strides = 2, bias = true } = shape;
  const { width, depth } = sizes[size];
  const channels = shape.channels ?? [1, 2, 4, 8, 16, 16].map((factor) => factor * width);
  return {
    channels: countsPerStage(name, 'channels', channels, stages),
    depths: countsPerStage(name, 'depths', shape.depths ?? depth, stages),
    strides: stridesPerStage(name, typeof strides === 'number' ? strides : sixOf(strides), stages),
    common: {
      kernel: 3,
      normalisation: 'instance',
      affine: true,
      activation: { leakyRelu: 0.01 },
      initialisation: heInitialisation(0.01),
      bias,
    },
  };
}

function sixOf(strides: readonly (number | Triple)[]): (number | Triple)[] {
  return Array.from({ length: stages }, (_, stage) => strides[stage] ?? 1);
}
