import type { RandomStream, Triple } from '@bipvl/nn';
import { ConvolutionStack } from '../blocks/convolution-stack.js';
import {
  createNnUNetDecoder,
  createNnUNetHead,
  type NnUNetOptions,
  type NnUNetSettings,
  nnUNetSettings,
} from '../blocks/nnunet-parts.js';
import { countsPerStage, type PerStage } from '../blocks/per-stage.js';
import { ResidualStack } from '../blocks/residual-stack.js';
import { StagedEncoder } from '../blocks/staged-encoder.js';
import { SegmentationNetwork } from '../segmentation-network.js';

export interface NnUNetResidualEncoderOptions extends NnUNetOptions {
  /** Residual blocks of each encoder stage, one number or a list, fine to deep. Default 1, 3, 4, and 6 from there on. */
  readonly blocks?: PerStage<number>;
  /** Channels after the stem, the convolution before the first stage. Default those of the first stage. */
  readonly stemChannels?: number;
}

const name = 'nnU-Net ResEnc';

/**
 * nnU-Net with a residual encoder (Isensee et al. 2024, arXiv 2404.09556), its `ResidualEncoderUNet`: residual blocks down, one convolution a
 * level up, deep supervision. Text may meet the four deepest stages.
 * @throws NetworkError `backbone-options` where lists do not go together.
 */
export function createNnUNetResidualEncoder(
  options: NnUNetResidualEncoderOptions,
  random: RandomStream,
): SegmentationNetwork {
  const settings = nnUNetSettings(name, options, 1);
  const stages = settings.channels.length;
  const blocks = countsPerStage(name, 'blocks', options.blocks ?? publishedBlocks(stages), stages);
  const [stemChannels = 1] = countsPerStage(
    name,
    'stemChannels',
    options.stemChannels ?? settings.channels[0] ?? 1,
    1,
  );
  return new SegmentationNetwork({
    encoder: createEncoder(settings, blocks, stemChannels, random.at('encoder')),
    decoder: createNnUNetDecoder(settings, random.at('decoder')),
    head: createNnUNetHead(settings, random.at('head')),
  });
}

/** Residual blocks of each stage as published, for a network of this many stages. */
export function publishedBlocks(stages: number): number[] {
  const first = [1, 3, 4];
  return Array.from({ length: stages }, (_, stage) => first[stage] ?? 6);
}

function createEncoder(
  settings: NnUNetSettings,
  blocks: readonly number[],
  stemChannels: number,
  random: RandomStream,
): StagedEncoder {
  const { channels, kernels, strides, common } = settings;
  const stem = new ConvolutionStack(
    {
      ...common,
      inputChannels: settings.inputChannels,
      outputChannels: stemChannels,
      kernel: kernels[0] as Triple,
      stride: 1,
      convolutions: 1,
    },
    random.at('stem'),
  );
  const stages = channels.map((outputChannels, stage) => {
    const options = {
      ...common,
      inputChannels: channels[stage - 1] ?? stemChannels,
      outputChannels,
      kernel: kernels[stage] as Triple,
      stride: strides[stage] as Triple,
      blocks: blocks[stage] as number,
      shortcut: 'pooled' as const,
      startsAsShortcut: true,
    };
    return new ResidualStack(options, random.at('stages', stage));
  });
  return new StagedEncoder({ network: name, channels, strides, stem, stages });
}
