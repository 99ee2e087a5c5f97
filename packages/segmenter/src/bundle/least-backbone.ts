import { medNeXtSettings } from '@bipvl/vision';
import type {
  BackboneConfig,
  DynUNetConfig,
  MedNeXtConfig,
  NnUNetPlainConfig,
  NnUNetResidualEncoderConfig,
  SegResNetConfig,
  SwinUNETRConfig,
  UNETRConfig,
  UNetConfig,
  UNetPlusPlusConfig,
} from '../config.js';

/** What a backbone has at the least. */
export interface LeastBackbone {
  /** A number of parameters it cannot go below. */
  readonly parameters: number;
  /** Channels of its sites, fine to deep. */
  readonly sites: readonly number[];
}

/** Counts the larger tensors of a backbone for an image of `inputs` channels, without building them. */
export function leastBackbone(backbone: BackboneConfig, inputs: number): LeastBackbone {
  switch (backbone.name) {
    case 'unet':
      return { parameters: unet(backbone, inputs), sites: backbone.channels.slice(1) };
    case 'nnunet-plain':
    case 'nnunet-residual-encoder':
    case 'dynunet':
      return { parameters: stagedUNet(backbone, inputs), sites: backbone.channels.slice(-4) };
    case 'segresnet':
      return segresnet(backbone, inputs);
    case 'mednext':
      return mednext(backbone);
    case 'unet-plusplus':
      return unetPlusPlus(backbone, inputs);
    case 'swin-unetr':
      return swinUNETR(backbone);
    case 'unetr':
      return unetr(backbone, inputs);
  }
}

/** The convolutions into each level, and the transposed ones between two levels above the bottom. */
function unet({ channels, kernel, residualUnits }: UNetConfig, inputs: number): number {
  const repeats = Math.max(1, residualUnits) - 1;
  return channels.reduce((total, width, level) => {
    const above = channels[level - 1] ?? inputs;
    const up = level > 0 && level < channels.length - 1 ? above * width : 0;
    return total + kernel ** 3 * (above * width + repeats * width ** 2 + up);
  }, 0);
}

/** The first convolution, the strided ones, and two a block on the way down and up; the channels double from stage to stage. */
function segresnet({ filters, blocksDown, blocksUp }: SegResNetConfig, inputs: number): LeastBackbone {
  const channels = blocksDown.map((_, stage) => filters * 2 ** stage);
  const bottom = channels.length - 1;
  const parameters = channels.reduce((total, width, stage) => {
    const into = stage === 0 ? inputs * width : width ** 2 / 2;
    const blocks = (blocksDown[stage] ?? 0) + (blocksUp[bottom - 1 - stage] ?? 0);
    return total + 27 * (into + 2 * blocks * width ** 2);
  }, 0);
  return { parameters, sites: channels.slice(-4) };
}

type StagedUNetConfig = NnUNetPlainConfig | NnUNetResidualEncoderConfig | DynUNetConfig;

/** The convolutions of each stage, and the first one after each skip. */
function stagedUNet(config: StagedUNetConfig, inputs: number): number {
  const { channels, kernels } = config;
  return channels.reduce((total, width, stage) => {
    const into = (channels[stage - 1] ?? inputs) * width;
    const further = (convolutionsOf(config, stage) - 1) * width ** 2;
    const above = channels[stage - 1] ?? 0;
    const voxels = voxelsOf(kernels, stage);
    // nnU-Net takes the kernel of the stage above, DynUNet that of this one.
    const up = 2 * above ** 2 * Math.min(voxels, voxelsOf(kernels, Math.max(0, stage - 1)));
    return total + voxels * (into + further) + up;
  }, 0);
}

function convolutionsOf(config: StagedUNetConfig, stage: number): number {
  if (config.name === 'dynunet') return 2;
  if (config.name === 'nnunet-plain') return entryOf(config.convolutions, stage);
  return 2 * entryOf(config.blocks, stage);
}

function voxelsOf(kernels: StagedUNetConfig['kernels'], stage: number): number {
  const kernel = typeof kernels === 'number' ? kernels : (kernels[stage] ?? 1);
  return typeof kernel === 'number' ? kernel ** 3 : kernel.reduce((product, side) => product * side, 1);
}

function entryOf(values: number | readonly number[], stage: number): number {
  return typeof values === 'number' ? values : (values[stage] ?? 1);
}

/** The first convolution of each stage and node, and the second of all but the last node. */
function unetPlusPlus({ channels }: UNetPlusPlusConfig, inputs: number): LeastBackbone {
  const parameters = channels.reduce((total, width, stage) => {
    const nodes = channels.length - 1 - stage;
    const below = Math.floor((channels[stage + 1] ?? 0) / (stage === 0 ? 1 : 2));
    // The last node of full size has channels of its own, which are not counted.
    const counted = stage === 0 ? nodes - 1 : nodes;
    const joined = (counted * (counted + 1) * width) / 2 + counted * below;
    const encoder = (channels[stage - 1] ?? inputs) + width;
    return total + 27 * width * (encoder + joined + counted * width);
  }, 0);
  return { parameters, sites: channels.slice(-4) };
}

/** The depthwise filters and the two 1x1x1 convolutions of the blocks that keep the sides. */
function mednext(config: MedNeXtConfig): LeastBackbone {
  const { kernel, channels, blocksDown, blocksUp, expansionsDown, expansionsUp } = medNeXtSettings(config);
  const bottom = channels.length - 1;
  const parameters = channels.reduce((total, width, stage) => {
    const block = (expansion = 0) => kernel ** 3 * width + 2 * expansion * width ** 2;
    const down = (blocksDown[stage] ?? 0) * block(expansionsDown[stage]);
    const level = bottom - 1 - stage;
    return total + down + (blocksUp[level] ?? 0) * block(expansionsUp[level]);
  }, 0);
  return { parameters, sites: channels.slice(-4) };
}

/** The convolutions over skips and bottleneck, those of the decoder, and the transposed ones. */
function swinUNETR({ width }: SwinUNETRConfig): LeastBackbone {
  const levels = [8, 4, 2, 1, 1];
  const decoder = levels.reduce((total, factor, level) => {
    return total + 81 * factor ** 2 + 8 * factor * (levels[level - 1] ?? 16);
  }, 0);
  const encoder = 54 * [1, 2, 4, 16].reduce((total, factor) => total + factor ** 2, 0);
  return {
    parameters: (encoder + decoder) * width ** 2,
    sites: [2, 4, 8, 16].map((factor) => factor * width),
  };
}

/** The patch embedding, the transformer's blocks, and the first convolution of each decoder level. */
function unetr({ width, mlpWidth, filters }: UNETRConfig, inputs: number): LeastBackbone {
  const transformer = 16 ** 3 * inputs * width + 12 * (4 * width ** 2 + 2 * width * mlpWidth);
  const decoder = 27 * 2 * [8, 4, 2, 1].reduce((total, factor) => total + (factor * filters) ** 2, 0);
  return { parameters: transformer + decoder, sites: [width, width, width, width] };
}
