import { heInitialisation, type Initialisation, type RandomStream, type Triple } from '@bipvl/nn';
import type {
  Bias,
  LeakyRelu,
  Normalisation,
  NormalisedConvolutionOptions,
} from './normalised-convolution.js';
import {
  checkedChannels,
  countsPerStage,
  kernelsPerStage,
  type PerStage,
  type SidesPerStage,
  stridesPerStage,
} from './per-stage.js';
import { SupervisedHead } from './supervised-head.js';
import { UpsamplingDecoder } from './upsampling-decoder.js';

/** What nnU-Net's networks have in common (Isensee et al. 2021). */
export interface NnUNetOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Channels of each stage, fine to deep; the last is the bottom. Default [32, 64, 128, 256, 320, 320]. */
  readonly channels?: readonly number[];
  /** Sides of the filters, odd: one number, or a list of one entry a stage, a number or one an axis. Default 3. */
  readonly kernels?: SidesPerStage;
  /** Stride into each stage: a number for all but the first, or a list as for `kernels` that starts with 1. Default 2. */
  readonly strides?: SidesPerStage;
  /** Normalised convolutions of each decoder level, one number or a list, deep to fine. */
  readonly decoderConvolutions?: PerStage<number>;
  /** Default true. */
  readonly bias?: Bias;
  /** 'instance' learns a scale and a shift here. Default 'instance'. */
  readonly normalisation?: Normalisation;
  /** Default { leakyRelu: 0.01 }. */
  readonly activation?: LeakyRelu;
  /** Logits of every decoder level, `auxiliary` below the finest; without it their convolutions are kept but not trained. Default true. */
  readonly deepSupervision?: boolean;
}

/** The options with every default filled in and one entry a stage. */
export interface NnUNetSettings {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly channels: readonly number[];
  readonly kernels: readonly Triple[];
  readonly strides: readonly Triple[];
  readonly decoderConvolutions: readonly number[];
  readonly deepSupervision: boolean;
  /** What every normalised convolution shares. */
  readonly common: Pick<NormalisedConvolutionOptions, 'normalisation' | 'affine' | 'bias'> & {
    readonly activation: LeakyRelu;
    readonly initialisation: Initialisation;
  };
}

/** @throws NetworkError `backbone-options` where lists do not go together. */
export function nnUNetSettings(
  network: string,
  options: NnUNetOptions,
  decoderConvolutions: number,
): NnUNetSettings {
  const { inputChannels, outputChannels, bias = true, normalisation = 'instance' } = options;
  const channels = checkedChannels(network, options.channels ?? [32, 64, 128, 256, 320, 320], 2);
  const stages = channels.length;
  return {
    inputChannels,
    outputChannels,
    channels,
    kernels: kernelsPerStage(network, options.kernels ?? 3, stages),
    strides: stridesPerStage(network, options.strides ?? 2, stages),
    decoderConvolutions: countsPerStage(
      network,
      'decoderConvolutions',
      options.decoderConvolutions ?? decoderConvolutions,
      stages - 1,
    ),
    deepSupervision: options.deepSupervision ?? true,
    common: {
      normalisation,
      affine: true,
      bias,
      activation: options.activation ?? { leakyRelu: 0.01 },
      // Of this slope whatever the rectifier's own is, as nnU-Net has it.
      initialisation: heInitialisation(0.01),
    },
  };
}

/** The decoder of every nnU-Net: one level a skip, with the kernel of the stage it returns to. */
export function createNnUNetDecoder(settings: NnUNetSettings, random: RandomStream): UpsamplingDecoder {
  const { channels, kernels, strides, common } = settings;
  const levels = settings.decoderConvolutions.map((convolutions, index) => {
    const stage = channels.length - 2 - index;
    return {
      ...common,
      inputChannels: channels[stage + 1] as number,
      skipChannels: channels[stage] as number,
      stride: strides[stage + 1] as Triple,
      kernel: kernels[stage] as Triple,
      convolutions,
      upsampleBias: common.bias !== false,
    };
  });
  return new UpsamplingDecoder(levels, random);
}

/** A convolution to logits at every decoder level. */
export function createNnUNetHead(
  { channels, outputChannels, deepSupervision, common }: NnUNetSettings,
  random: RandomStream,
): SupervisedHead {
  const levels = channels.slice(0, -1);
  const auxiliary = deepSupervision ? levels.length - 1 : 0;
  const { initialisation } = common;
  return new SupervisedHead({ channels: levels, outputChannels, auxiliary, initialisation }, random);
}
