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
import { StagedEncoder } from '../blocks/staged-encoder.js';
import { SegmentationNetwork } from '../segmentation-network.js';

export interface NnUNetPlainOptions extends NnUNetOptions {
  /** Normalised convolutions of each encoder stage, one number or a list, fine to deep. Default 2. */
  readonly convolutions?: PerStage<number>;
}

const name = 'nnU-Net';

/**
 * The U-Net of nnU-Net (Isensee et al. 2021), its `PlainConvUNet`: strided convolutions down, transposed ones up, deep supervision. Text may
 * meet the four deepest stages.
 * @throws NetworkError `backbone-options` where lists do not go together.
 */
export function createNnUNetPlain(options: NnUNetPlainOptions, random: RandomStream): SegmentationNetwork {
  const settings = nnUNetSettings(name, options, 2);
  const convolutions = countsPerStage(
    name,
    'convolutions',
    options.convolutions ?? 2,
    settings.channels.length,
  );
  return new SegmentationNetwork({
    encoder: createEncoder(settings, convolutions, random.at('encoder')),
    decoder: createNnUNetDecoder(settings, random.at('decoder')),
    head: createNnUNetHead(settings, random.at('head')),
  });
}

function createEncoder(
  settings: NnUNetSettings,
  convolutions: readonly number[],
  random: RandomStream,
): StagedEncoder {
  const { channels, kernels, strides, common } = settings;
  const stages = channels.map((outputChannels, stage) => {
    const options = {
      ...common,
      inputChannels: channels[stage - 1] ?? settings.inputChannels,
      outputChannels,
      kernel: kernels[stage] as Triple,
      stride: strides[stage] as Triple,
      convolutions: convolutions[stage] as number,
    };
    return new ConvolutionStack(options, random.at('stages', stage));
  });
  return new StagedEncoder({ network: name, channels, strides, stages });
}
