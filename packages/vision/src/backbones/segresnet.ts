import {
  type Context,
  Convolution,
  dropout,
  GroupNorm,
  leakyRelu,
  Module,
  type RandomStream,
  resize,
  TransposedConvolution,
  type Triple,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { decodeLevels } from '../blocks/decode-levels.js';
import { countsPerStage } from '../blocks/per-stage.js';
import { PreactivationBlock } from '../blocks/preactivation-block.js';
import { type Stage, StagedEncoder } from '../blocks/staged-encoder.js';
import type { Decoded, Decoder, Head, Prediction, Pyramid } from '../coupling.js';
import { SegmentationNetwork } from '../segmentation-network.js';

export interface SegResNetOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Channels of the first stage; every further one has twice as many. Default 8. */
  readonly filters?: number;
  /** Of the group norms; divides `filters`. Default 8. */
  readonly groups?: number;
  /** Residual blocks of each encoder stage, fine to deep. Default [1, 2, 2, 4]. */
  readonly blocksDown?: readonly number[];
  /** Residual blocks of each decoder level, deep to fine. Default 1 each. */
  readonly blocksUp?: readonly number[];
  /** Share of whole channels that training drops after the first convolution. Default 0. */
  readonly dropout?: number;
  /** How the decoder doubles the sides: 'trilinear' between the centres of voxels, or by a learned 'transposed' convolution. Default 'trilinear'. */
  readonly upsampling?: 'trilinear' | 'transposed';
}

/** The options with every default filled in. */
type Settings = Required<SegResNetOptions>;

const name = 'SegResNet';

/**
 * The encoder-decoder of Myronenko (2018) without its autoencoder branch, as MONAI's `SegResNet` has it: blocks of group norm and convolution
 * on an identity, and a decoder of little weight that adds the skips. Text may meet the four deepest stages.
 * @throws NetworkError `backbone-options` where lists do not go together, `groups-do-not-divide` where filters and groups do not.
 */
export function createSegResNet(options: SegResNetOptions, random: RandomStream): SegmentationNetwork {
  const settings = withDefaults(options);
  return new SegmentationNetwork({
    encoder: createEncoder(settings, random.at('encoder')),
    decoder: new SegResNetDecoder(settings, random.at('decoder')),
    head: new SegResNetHead(settings, random.at('head')),
  });
}

function withDefaults(options: SegResNetOptions): Settings {
  const { blocksDown = [1, 2, 2, 4] } = options;
  const stages = Math.max(2, blocksDown.length);
  return {
    filters: 8,
    groups: 8,
    dropout: 0,
    upsampling: 'trilinear',
    ...options,
    blocksDown: countsPerStage(name, 'blocksDown', blocksDown, stages),
    blocksUp: countsPerStage(name, 'blocksUp', options.blocksUp ?? 1, stages - 1),
  };
}

function channelsOf({ filters }: Settings, stage: number): number {
  return filters * 2 ** stage;
}

function createEncoder(settings: Settings, random: RandomStream): StagedEncoder {
  const stages = settings.blocksDown.map(
    (_, stage) => new SegResNetStage(settings, stage, random.at('stages', stage)),
  );
  return new StagedEncoder({
    network: name,
    channels: stages.map((_, stage) => channelsOf(settings, stage)),
    strides: stages.map((_, stage): Triple => (stage === 0 ? [1, 1, 1] : [2, 2, 2])),
    stem: new Stem(settings, random.at('stem')),
    stages,
  });
}

/** The first convolution, and the dropout of whole channels after it. */
class Stem extends Module implements Stage {
  readonly convolution: Convolution;
  readonly #rate: number;

  constructor({ inputChannels, filters, dropout: rate }: Settings, random: RandomStream) {
    super();
    const options = { inputChannels, outputChannels: filters, kernel: 3, bias: false };
    this.convolution = new Convolution(options, random.at('convolution'));
    this.#rate = rate;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const y = this.convolution.forward(x);
      if (!context.training || this.#rate === 0) return y;
      const channels = tf.ones([y.shape[0], 1, 1, 1, y.shape[4]]);
      return tf.mul(y, dropout(channels, this.#rate, within(context, 'stem')));
    });
  }
}

/** A strided convolution, but in the first stage, and residual blocks. */
class SegResNetStage extends Module implements Stage {
  readonly reduce: Convolution | undefined;
  readonly blocks: PreactivationBlock[];

  constructor(settings: Settings, stage: number, random: RandomStream) {
    super();
    const channels = channelsOf(settings, stage);
    const options = { inputChannels: channels / 2, outputChannels: channels, kernel: 3, bias: false };
    this.reduce = stage === 0 ? undefined : new Convolution({ ...options, stride: 2 }, random.at('reduce'));
    this.blocks = createBlocks(settings.blocksDown[stage] as number, channels, settings, random);
  }

  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => runBlocks(this.blocks, this.reduce ? this.reduce.forward(x) : x));
  }
}

class SegResNetDecoder extends Module implements Decoder {
  /** Deep to fine: `levels[0]` adds the deepest skip. */
  readonly levels: SegResNetLevel[];

  constructor(settings: Settings, random: RandomStream) {
    super();
    this.levels = settings.blocksUp.map(
      (_, level) => new SegResNetLevel(settings, level, random.at('levels', level)),
    );
  }

  decode(pyramid: Pyramid, context: Context): Decoded {
    return { levels: decodeLevels(this.levels, pyramid, context), extra: {} };
  }
}

/** Half the channels, twice the sides, plus the skip, then residual blocks. */
class SegResNetLevel extends Module {
  readonly reduce: Convolution;
  readonly upsample: TransposedConvolution | undefined;
  readonly blocks: PreactivationBlock[];

  constructor(settings: Settings, level: number, random: RandomStream) {
    super();
    const channels = channelsOf(settings, settings.blocksUp.length - 1 - level);
    const reduce = { inputChannels: 2 * channels, outputChannels: channels, kernel: 1, bias: false };
    const upsample = { inputChannels: channels, outputChannels: channels, kernel: 2, stride: 2 };
    this.reduce = new Convolution(reduce, random.at('reduce'));
    this.upsample =
      settings.upsampling === 'transposed'
        ? new TransposedConvolution(upsample, random.at('upsample'))
        : undefined;
    this.blocks = createBlocks(settings.blocksUp[level] as number, channels, settings, random);
  }

  forward(x: tf.Tensor5D, skip: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const reduced = this.reduce.forward(x);
      const doubled = reduced.shape.slice(1, 4).map((side) => 2 * side) as unknown as Triple;
      const upsampled = this.upsample
        ? this.upsample.forward(reduced)
        : resize(reduced, doubled, 'trilinear');
      return runBlocks(this.blocks, tf.add(upsampled, skip));
    });
  }
}

class SegResNetHead extends Module implements Head {
  readonly normalisation: GroupNorm;
  readonly convolution: Convolution;

  constructor({ filters, groups, outputChannels }: Settings, random: RandomStream) {
    super();
    this.normalisation = new GroupNorm({ channels: filters, groups });
    const options = { inputChannels: filters, outputChannels, kernel: 1 };
    this.convolution = new Convolution(options, random.at('convolution'));
  }

  predict(decoded: Decoded): Prediction {
    const logits = tf.tidy(() => {
      const features = this.normalisation.forward(decoded.levels.at(-1) as tf.Tensor5D);
      return this.convolution.forward(leakyRelu(features, 0));
    });
    return { logits, auxiliary: [], extra: decoded.extra };
  }
}

function createBlocks(
  count: number,
  channels: number,
  { groups }: Settings,
  random: RandomStream,
): PreactivationBlock[] {
  return Array.from(
    { length: count },
    (_, index) => new PreactivationBlock({ channels, groups }, random.at('blocks', index)),
  );
}

function runBlocks(blocks: readonly PreactivationBlock[], x: tf.Tensor5D): tf.Tensor5D {
  return blocks.reduce((features, block) => block.forward(features), x);
}
