import { type Context, Convolution, Module, type RandomStream, resize, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { decodeLevels } from '../blocks/decode-levels.js';
import { ProjectedStack } from '../blocks/projected-stack.js';
import { StagedEncoder } from '../blocks/staged-encoder.js';
import { type STUNetSettings, type STUNetShape, stuNetSettings } from '../blocks/stunet-settings.js';
import { SupervisedHead } from '../blocks/supervised-head.js';
import type { Decoded, Decoder, Pyramid } from '../coupling.js';
import { SegmentationNetwork } from '../segmentation-network.js';

export interface STUNetOptions extends STUNetShape {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Logits of every decoder level, `auxiliary` below the finest; without it their convolutions are kept but not trained. Default true. */
  readonly deepSupervision?: boolean;
}

/**
 * STU-Net (Huang et al. 2023, arXiv 2304.06716): a U-Net of six stages of residual blocks, scaled in width and depth, whose decoder repeats voxels
 * instead of learning to. Text may meet the four deepest stages.
 * @throws NetworkError `backbone-options` where lists do not go together.
 */
export function createSTUNet(options: STUNetOptions, random: RandomStream): SegmentationNetwork {
  const settings = stuNetSettings(options);
  const { outputChannels, deepSupervision = true } = options;
  const channels = settings.channels.slice(0, -1);
  const auxiliary = deepSupervision ? channels.length - 1 : 0;
  const { initialisation } = settings.common;
  return new SegmentationNetwork({
    encoder: createEncoder(settings, options.inputChannels, random.at('encoder')),
    decoder: new STUNetDecoder(settings, random.at('decoder')),
    head: new SupervisedHead({ channels, outputChannels, auxiliary, initialisation }, random.at('head')),
  });
}

function createEncoder(
  { channels, depths, strides, common }: STUNetSettings,
  inputChannels: number,
  random: RandomStream,
): StagedEncoder {
  const stages = channels.map((outputChannels, stage) => {
    const sizes = { inputChannels: channels[stage - 1] ?? inputChannels, outputChannels };
    const form = { stride: strides[stage] as Triple, blocks: depths[stage] as number };
    return new ProjectedStack({ ...common, ...sizes, ...form }, random.at('stages', stage));
  });
  // Instance norm of one voxel is zero whatever comes in; PyTorch refuses it too.
  return new StagedEncoder({ network: 'STU-Net', channels, strides, stages, leastVoxels: 2 });
}

/** Joins the levels of a pyramid by repeated voxels and residual blocks over [upsampled, skip]. */
class STUNetDecoder extends Module implements Decoder {
  /** Deep to fine. */
  readonly levels: STUNetLevel[];

  constructor(settings: STUNetSettings, random: RandomStream) {
    super();
    this.levels = settings.channels.slice(1).map((_, level) => {
      const stage = settings.channels.length - 2 - level;
      return new STUNetLevel(settings, stage, random.at('levels', level));
    });
  }

  decode(pyramid: Pyramid, context: Context): Decoded {
    return { levels: decodeLevels(this.levels, pyramid, context), extra: {} };
  }
}

/** The level that returns to an encoder stage, with as many blocks. */
class STUNetLevel extends Module {
  readonly reduce: Convolution;
  readonly refine: ProjectedStack;

  constructor({ channels, depths, common }: STUNetSettings, stage: number, random: RandomStream) {
    super();
    const [own, below] = [channels[stage] as number, channels[stage + 1] as number];
    const { initialisation, bias } = common;
    const sizes = { inputChannels: below, outputChannels: own, kernel: 1 };
    this.reduce = new Convolution({ ...sizes, initialisation, bias: bias !== false }, random.at('reduce'));
    this.refine = new ProjectedStack(
      { ...common, inputChannels: 2 * own, outputChannels: own, stride: 1, blocks: depths[stage] as number },
      random.at('refine'),
    );
  }

  /** A 1x1x1 convolution before the repetition is the published one after it, for an eighth of the work. */
  forward(x: tf.Tensor5D, skip: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const upsampled = resize(
        this.reduce.forward(x),
        skip.shape.slice(1, 4) as unknown as Triple,
        'nearest',
      );
      return this.refine.forward(tf.concat([upsampled, skip], 4), context);
    });
  }
}
