import { NetworkError, type Triple } from '@bipvl/nn';
import type { Normalisation } from './normalised-convolution.js';
import { checkedChannels, countsPerStage, type PerStage } from './per-stage.js';

/** The sizes of the paper; 'base' and 'large' are those of its copy in Med3DVLM (arXiv 2503.20047). */
export type DCFormerVariant = 'nano' | 'naive' | 'tiny' | 'small' | 'base' | 'large';

/** What decides the shape of a DCFormer. */
export interface DCFormerShape {
  /** Decides blocks and channels where nothing else is said. Default 'naive'. */
  readonly variant?: DCFormerVariant;
  /** Channels of the stem and of the four stages after it. */
  readonly channels?: readonly number[];
  /** Blocks of each of the four stages. */
  readonly blocks?: PerStage<number>;
  /** Voxels along each line of the blocks, a stage, odd. Default [13, 11, 9, 7]. */
  readonly kernels?: PerStage<number>;
  /** Voxels of the image for each of the stem's, along each axis: 4 as published, 1 as in ESICA, or 2. */
  readonly stemStride?: 1 | 2 | 4;
  /** After each layer of the stem. The released network was given one and does not run it. Default 'none'. */
  readonly stemActivation?: 'none' | 'gelu';
  /** Of each line. Default 'batch'; for few images a batch 'instance' or groups. */
  readonly normalisation?: Normalisation;
  /** What the blocks' changes are multiplied by at first. Default 1e-6; for short training 0.01 to 1. */
  readonly layerScale?: number;
  /** Adds the input of each block to its mixer too, as a summary of the paper has it. Default false, as released. */
  readonly residualMixer?: boolean;
}

/** A shape with every default filled in: channels of five stages, blocks and kernels of the last four. */
export interface DCFormerSettings extends Required<Omit<DCFormerShape, 'variant' | 'blocks' | 'kernels'>> {
  readonly blocks: readonly number[];
  readonly kernels: readonly number[];
}

const name = 'DCFormer';

const variants: Readonly<Record<DCFormerVariant, Pick<DCFormerSettings, 'blocks' | 'channels'>>> = {
  nano: { blocks: [1, 1, 1, 1], channels: [32, 32, 64, 128, 256] },
  naive: { blocks: [2, 2, 2, 2], channels: [32, 64, 128, 256, 512] },
  tiny: { blocks: [2, 3, 3, 2], channels: [64, 96, 192, 384, 768] },
  small: { blocks: [2, 3, 6, 2], channels: [64, 96, 192, 384, 768] },
  base: { blocks: [2, 6, 6, 2], channels: [64, 128, 256, 512, 1024] },
  large: { blocks: [2, 6, 12, 2], channels: [64, 256, 512, 1024, 2048] },
};

/** Fills in the defaults. @throws NetworkError `backbone-options` where a list does not have a number a stage, or a kernel is even. */
export function dcFormerSettings(shape: DCFormerShape): DCFormerSettings {
  const {
    variant = 'naive',
    channels = variants[variant].channels,
    blocks = variants[variant].blocks,
  } = shape;
  const kernels = countsPerStage(name, 'kernels', shape.kernels ?? [13, 11, 9, 7], 4);
  const even = kernels.find((kernel) => kernel % 2 === 0);
  if (even !== undefined) throw evenKernel(even);
  return {
    stemStride: 4,
    stemActivation: 'none',
    normalisation: 'batch',
    layerScale: 1e-6,
    residualMixer: false,
    ...shape,
    channels: checkedChannels(name, countsPerStage(name, 'channels', channels, 5), 5),
    blocks: countsPerStage(name, 'blocks', blocks, 4),
    kernels,
  };
}

/** Strides into the stem and the four stages after it. */
export function dcFormerStrides({ stemStride }: Pick<DCFormerSettings, 'stemStride'>): Triple[] {
  return [stemStride, 2, 2, 2, 2].map((stride): Triple => [stride, stride, stride]);
}

function evenKernel(kernel: number): NetworkError {
  return new NetworkError('backbone-options', `${name} expects kernels of odd sides, received ${kernel}`, {
    hint: 'use sides of 3, 5, 7 ...',
  });
}
