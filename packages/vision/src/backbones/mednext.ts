import {
  type Context,
  Convolution,
  Module,
  type RandomStream,
  TransposedConvolution,
  type Triple,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { decodeLevels } from '../blocks/decode-levels.js';
import { MedNeXtBlock, type MedNeXtBlockOptions } from '../blocks/mednext-block.js';
import { type MedNeXtSettings, type MedNeXtShape, medNeXtSettings } from '../blocks/mednext-settings.js';
import { type Stage, StagedEncoder } from '../blocks/staged-encoder.js';
import type { Decoded, Decoder, Head, Prediction, Pyramid } from '../coupling.js';
import { SegmentationNetwork } from '../segmentation-network.js';

export interface MedNeXtOptions extends MedNeXtShape {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Logits of every decoder level below the last and of the bottleneck, `auxiliary`. Default false. */
  readonly deepSupervision?: boolean;
}

/**
 * MedNeXt (Roy et al. 2023) as MONAI has it: blocks of large depthwise filters, whose sides change inside the blocks too, and a decoder that
 * adds the skips. Text may meet the four deepest stages, the bottleneck included.
 * @throws NetworkError `backbone-options` where lists do not go together or a kernel is even.
 */
export function createMedNeXt(options: MedNeXtOptions, random: RandomStream): SegmentationNetwork {
  const settings = medNeXtSettings(options);
  const { inputChannels, outputChannels, deepSupervision = false } = options;
  return new SegmentationNetwork({
    encoder: createEncoder(settings, inputChannels, random.at('encoder')),
    decoder: new MedNeXtDecoder(settings, random.at('decoder')),
    head: new MedNeXtHead(settings, outputChannels, deepSupervision, random.at('head')),
  });
}

function createEncoder(
  settings: MedNeXtSettings,
  inputChannels: number,
  random: RandomStream,
): StagedEncoder {
  const { channels } = settings;
  const stages = channels.map((_, stage) => new MedNeXtStage(settings, stage, random.at('stages', stage)));
  return new StagedEncoder({
    network: 'MedNeXt',
    channels,
    strides: stages.map((_, stage): Triple => (stage === 0 ? [1, 1, 1] : [2, 2, 2])),
    stem: new Convolution(
      { inputChannels, outputChannels: channels[0] as number, kernel: 1 },
      random.at('stem'),
    ),
    stages,
  });
}

/** A block that halves the sides, but in the first stage, and blocks that keep them. */
class MedNeXtStage extends Module implements Stage {
  readonly reduce: MedNeXtBlock | undefined;
  readonly blocks: MedNeXtBlock[];

  constructor(settings: MedNeXtSettings, stage: number, random: RandomStream) {
    super();
    const { channels, expansionsDown } = settings;
    const above = channels[stage - 1];
    // The block on the way down has the expansion of the stage above it.
    this.reduce =
      above === undefined
        ? undefined
        : new MedNeXtBlock(
            {
              ...common(settings),
              inputChannels: above,
              outputChannels: channels[stage] as number,
              expansion: expansionsDown[stage - 1] as number,
              sides: 'down',
            },
            random.at('reduce'),
          );
    const count = settings.blocksDown[stage] as number;
    this.blocks = createBlocks(
      settings,
      count,
      channels[stage] as number,
      expansionsDown[stage] as number,
      random,
    );
  }

  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => runBlocks(this.blocks, this.reduce ? this.reduce.forward(x) : x));
  }
}

class MedNeXtDecoder extends Module implements Decoder {
  /** Deep to fine: `levels[0]` adds the deepest skip. */
  readonly levels: MedNeXtLevel[];

  constructor(settings: MedNeXtSettings, random: RandomStream) {
    super();
    this.levels = settings.blocksUp.map(
      (_, level) => new MedNeXtLevel(settings, level, random.at('levels', level)),
    );
  }

  decode(pyramid: Pyramid, context: Context): Decoded {
    return { levels: decodeLevels(this.levels, pyramid, context), extra: {} };
  }
}

/** A block that doubles the sides, plus the skip, then blocks that keep them. */
class MedNeXtLevel extends Module {
  readonly upsample: MedNeXtBlock;
  readonly blocks: MedNeXtBlock[];

  constructor(settings: MedNeXtSettings, level: number, random: RandomStream) {
    super();
    const { channels, blocksUp, expansionsUp } = settings;
    const [below, own] = [channels.at(-1 - level) as number, channels.at(-2 - level) as number];
    const expansion = expansionsUp[level] as number;
    this.upsample = new MedNeXtBlock(
      { ...common(settings), inputChannels: below, outputChannels: own, expansion, sides: 'up' },
      random.at('upsample'),
    );
    this.blocks = createBlocks(settings, blocksUp[level] as number, own, expansion, random);
  }

  forward(x: tf.Tensor5D, skip: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => runBlocks(this.blocks, tf.add(this.upsample.forward(x), skip)));
  }
}

/** A 1x1x1 convolution to logits, and those of deep supervision from each level below and from the bottleneck. */
class MedNeXtHead extends Module implements Head {
  /** Fine to deep. MONAI has them as transposed convolutions, which of this side are the same but for their first values. */
  readonly levels: TransposedConvolution[];

  constructor(
    { channels }: MedNeXtSettings,
    outputChannels: number,
    deepSupervision: boolean,
    random: RandomStream,
  ) {
    super();
    this.levels = channels
      .slice(0, deepSupervision ? channels.length : 1)
      .map(
        (inputChannels, level) =>
          new TransposedConvolution(
            { inputChannels, outputChannels, kernel: 1, stride: 1 },
            random.at('levels', level),
          ),
      );
  }

  predict(decoded: Decoded, pyramid: Pyramid): Prediction {
    return tf.tidy(() => {
      const features = [pyramid.bottleneck, ...decoded.levels].reverse() as tf.Tensor5D[];
      const [logits, ...auxiliary] = this.levels.map((convolution, level) =>
        convolution.forward(features[level] as tf.Tensor5D),
      );
      return { logits: logits as tf.Tensor, auxiliary, extra: decoded.extra };
    });
  }
}

function createBlocks(
  settings: MedNeXtSettings,
  count: number,
  channels: number,
  expansion: number,
  random: RandomStream,
): MedNeXtBlock[] {
  const options = { ...common(settings), inputChannels: channels, outputChannels: channels, expansion };
  return Array.from({ length: count }, (_, index) => new MedNeXtBlock(options, random.at('blocks', index)));
}

function common({ kernel, residual }: MedNeXtSettings): Pick<MedNeXtBlockOptions, 'kernel' | 'residual'> {
  return { kernel, residual };
}

function runBlocks(blocks: readonly MedNeXtBlock[], x: tf.Tensor5D): tf.Tensor5D {
  return blocks.reduce((features, block) => block.forward(features), x);
}
