import { heInitialisation, NetworkError, type RandomStream, type Triple } from '@bipvl/nn';
import { ConvolutionStack } from '../blocks/convolution-stack.js';
import type { LeakyRelu, Normalisation } from '../blocks/normalised-convolution.js';
import {
  checkedChannels,
  kernelsPerStage,
  type SidesPerStage,
  stridesPerStage,
} from '../blocks/per-stage.js';
import { ResidualBlock } from '../blocks/residual-block.js';
import { StagedEncoder } from '../blocks/staged-encoder.js';
import { SupervisedHead } from '../blocks/supervised-head.js';
import { UpsamplingDecoder } from '../blocks/upsampling-decoder.js';
import { SegmentationNetwork } from '../segmentation-network.js';

export interface DynUNetOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Channels of each stage, fine to deep; the last is the bottom. Default [32, 64, 128, 256, 320, 320]. */
  readonly channels?: readonly number[];
  /** Sides of the filters, odd: one number, or a list of one entry a stage, a number or one an axis. Default 3. */
  readonly kernels?: SidesPerStage;
  /** Stride into each stage: a number for all but the first, or a list as for `kernels` that starts with 1. Default 2. */
  readonly strides?: SidesPerStage;
  /** Residual blocks in the encoder. Default false. */
  readonly residual?: boolean;
  /** How many decoder levels below the finest yield logits too, as `auxiliary`. Default 0. */
  readonly deepSupervision?: number;
  /** A bias in the transposed convolutions; the others have none. Default false. */
  readonly upsampleBias?: boolean;
  /** 'instance' learns a scale and a shift here. Default 'instance'. */
  readonly normalisation?: Normalisation;
  /** Default { leakyRelu: 0.01 }. */
  readonly activation?: LeakyRelu;
}

/** The options with every default filled in and one entry a stage. */
interface Settings
  extends Required<Omit<DynUNetOptions, 'kernels' | 'strides' | 'activation' | 'normalisation'>> {
  readonly kernels: readonly Triple[];
  readonly strides: readonly Triple[];
  /** What every normalised convolution shares. */
  readonly common: typeof shared & { readonly normalisation: Normalisation; readonly activation: LeakyRelu };
}

const name = 'DynUNet';
const initialisation = heInitialisation(0.01);
const shared = { affine: true, bias: false, initialisation } as const;

/**
 * MONAI's `DynUNet`, after nnU-Net (Isensee et al. 2021): blocks of two convolutions, strided down, transposed convolutions up. Text may meet
 * the four deepest stages.
 * @throws NetworkError `backbone-options` where lists do not go together.
 */
export function createDynUNet(options: DynUNetOptions, random: RandomStream): SegmentationNetwork {
  const settings = withDefaults(options);
  const { channels, outputChannels, deepSupervision: auxiliary } = settings;
  return new SegmentationNetwork({
    encoder: createEncoder(settings, random.at('encoder')),
    decoder: createDecoder(settings, random.at('decoder')),
    head: new SupervisedHead(
      { channels: channels.slice(0, 1 + auxiliary), outputChannels, auxiliary, initialisation },
      random.at('head'),
    ),
  });
}

function withDefaults(options: DynUNetOptions): Settings {
  const { normalisation = 'instance', activation = { leakyRelu: 0.01 }, ...rest } = options;
  const channels = checkedChannels(name, options.channels ?? [32, 64, 128, 256, 320, 320], 3);
  const settings = {
    residual: false,
    deepSupervision: 0,
    upsampleBias: false,
    ...rest,
    channels,
    kernels: kernelsPerStage(name, options.kernels ?? 3, channels.length),
    strides: stridesPerStage(name, options.strides ?? 2, channels.length),
    common: { ...shared, normalisation, activation },
  };
  checkSupervision(settings);
  checkStrides(settings);
  return settings;
}

function createEncoder(settings: Settings, random: RandomStream): StagedEncoder {
  const { channels, kernels, strides, residual, common } = settings;
  const stages = channels.map((outputChannels, stage) => {
    const [kernel, stride] = [kernels[stage] as Triple, strides[stage] as Triple];
    const inputChannels = channels[stage - 1] ?? settings.inputChannels;
    const options = { ...common, inputChannels, outputChannels, kernel, stride };
    const at = random.at('stages', stage);
    return residual
      ? new ResidualBlock({ ...options, shortcut: 'strided' }, at)
      : new ConvolutionStack({ ...options, padding: paddingOf(kernel, stride), convolutions: 2 }, at);
  });
  return new StagedEncoder({ network: name, channels, strides, stages });
}

function createDecoder(settings: Settings, random: RandomStream): UpsamplingDecoder {
  const { channels, kernels, strides, upsampleBias, common } = settings;
  const below = channels.map((_, stage) => stage).slice(1);
  const levels = below.reverse().map((stage) => ({
    ...common,
    inputChannels: channels[stage] as number,
    skipChannels: channels[stage - 1] as number,
    stride: strides[stage] as Triple,
    // MONAI takes the kernel of the stage below, nnU-Net that of the stage it returns to.
    kernel: kernels[stage] as Triple,
    convolutions: 2,
    upsampleBias,
  }));
  return new UpsamplingDecoder(levels, random);
}

/** MONAI pads a strided convolution by (kernel - stride + 1) / 2, rounded down. */
function paddingOf(kernel: Triple, stride: Triple): Triple {
  return kernel.map((side, axis) => (side - (stride[axis] as number) + 1) >> 1) as unknown as Triple;
}

function checkSupervision({ deepSupervision, channels }: Settings): void {
  const most = channels.length - 2;
  if (Number.isInteger(deepSupervision) && deepSupervision >= 0 && deepSupervision <= most) return;
  throw new NetworkError(
    'backbone-options',
    `${name} expects deepSupervision of 0 to ${most} levels for ${channels.length} stages, received ${deepSupervision}`,
    { hint: 'it counts the decoder levels below the finest' },
  );
}

/** A stride that steps over voxels which no filter sees would need a negative padding; the shortcuts' filters have sides of 1. */
function checkStrides({ kernels, strides, residual }: Settings): void {
  for (const [stage, stride] of strides.entries()) {
    const most = (kernels[stage] as Triple).map((side) => (residual ? 2 : side + 1));
    if (stride.every((step, axis) => step <= (most[axis] as number))) continue;
    throw new NetworkError(
      'backbone-options',
      `${name} expects strides of at most [${most}] into stage ${stage}, received [${stride}]`,
      { hint: residual ? 'residual blocks take strides of 1 and 2' : 'use a larger kernel or more stages' },
    );
  }
}
