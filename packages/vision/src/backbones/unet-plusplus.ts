import {
  type Context,
  frameworkInitialisation,
  Module,
  maxPool,
  type RandomStream,
  TransposedConvolution,
  type Triple,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { ConvolutionStack } from '../blocks/convolution-stack.js';
import type { Bias, LeakyRelu, Normalisation } from '../blocks/normalised-convolution.js';
import { checkedChannels } from '../blocks/per-stage.js';
import { type Stage, StagedEncoder } from '../blocks/staged-encoder.js';
import { SupervisedHead } from '../blocks/supervised-head.js';
import type { Decoded, Decoder, Pyramid } from '../coupling.js';
import { SegmentationNetwork } from '../segmentation-network.js';

export interface UNetPlusPlusOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Channels of each encoder stage, fine to deep. Default [32, 32, 64, 128, 256]. */
  readonly channels?: readonly number[];
  /** Channels of the last node, from which the logits come. Default 32. */
  readonly lastChannels?: number;
  /** Logits of every node of full size, `auxiliary` those before the last; without it their convolutions are kept but not trained. Default false. */
  readonly deepSupervision?: boolean;
  /** 'instance' learns a scale and a shift here. Default 'instance'. */
  readonly normalisation?: Normalisation;
  /** Default { leakyRelu: 0.1 }. */
  readonly activation?: LeakyRelu;
  /** Default true. */
  readonly bias?: Bias;
}

/** The options with every default filled in. */
type Settings = Required<UNetPlusPlusOptions>;

const name = 'UNet++';

/**
 * UNet++ (Zhou et al. 2018) as MONAI's `BasicUNetPlusPlus` has it: between an encoder stage and the decoder level of its size lie nodes, each
 * of all nodes before it at its size and the one below. Text may meet the four deepest stages; what it changes is what all nodes see.
 * @throws NetworkError `backbone-options` for fewer than two stages.
 */
export function createUNetPlusPlus(options: UNetPlusPlusOptions, random: RandomStream): SegmentationNetwork {
  const settings = withDefaults(options);
  return new SegmentationNetwork({
    encoder: createEncoder(settings, random.at('encoder')),
    decoder: new NestedDecoder(settings, random.at('decoder')),
    head: createHead(settings, random.at('head')),
  });
}

function withDefaults(options: UNetPlusPlusOptions): Settings {
  return {
    lastChannels: 32,
    deepSupervision: false,
    normalisation: 'instance',
    activation: { leakyRelu: 0.1 },
    bias: true,
    ...options,
    channels: checkedChannels(name, options.channels ?? [32, 32, 64, 128, 256], 2),
  };
}

function createEncoder(settings: Settings, random: RandomStream): StagedEncoder {
  const { channels, inputChannels } = settings;
  const stages = channels.map((outputChannels, stage) => {
    const above = channels[stage - 1] ?? inputChannels;
    const convolutions = twoConvolutions(settings, above, outputChannels, random.at('stages', stage));
    return new PooledStage(convolutions, stage === 0 ? 1 : 2);
  });
  const strides = stages.map((_, stage): Triple => (stage === 0 ? [1, 1, 1] : [2, 2, 2]));
  return new StagedEncoder({ network: name, channels, strides, stages });
}

/** The largest of every block of `factor` voxels a side, then convolutions. */
class PooledStage extends Module implements Stage {
  readonly refine: ConvolutionStack;
  readonly #factor: number;

  constructor(refine: ConvolutionStack, factor: number) {
    super();
    this.refine = refine;
    this.#factor = factor;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    const factor = this.#factor;
    return tf.tidy(() => this.refine.forward(maxPool(x, [factor, factor, factor]), context));
  }
}

/** The nodes x(i, j), j > 0: of size i, from x(i, 0) ... x(i, j - 1) and x(i + 1, j - 1). */
class NestedDecoder extends Module implements Decoder {
  /** `nodes[j - 1][i]` is x(i, j). */
  readonly nodes: NestedNode[][];

  constructor(settings: Settings, random: RandomStream) {
    super();
    const depth = settings.channels.length;
    this.nodes = Array.from({ length: depth - 1 }, (_, column) =>
      Array.from(
        { length: depth - 1 - column },
        (__, size) => new NestedNode(settings, size, column + 1, random.at('nodes', column, size)),
      ),
    );
  }

  /** Its levels are the nodes of full size, x(0, 1) to the last. */
  decode({ skips, bottleneck }: Pyramid, context: Context): Decoded {
    const rows = [...skips, bottleneck].map((encoded) => [encoded as tf.Tensor5D]);
    const levels = tf.tidy(() => {
      for (const column of this.nodes)
        for (const [size, node] of column.entries()) {
          const [row, below] = [rows[size], rows[size + 1]] as [tf.Tensor5D[], tf.Tensor5D[]];
          row.push(node.forward(below[row.length - 1] as tf.Tensor5D, row, context));
        }
      return (rows[0] as tf.Tensor5D[]).slice(1);
    });
    return { levels, extra: {} };
  }
}

class NestedNode extends Module {
  readonly upsample: TransposedConvolution;
  readonly refine: ConvolutionStack;

  /** The node x(`size`, `column`). */
  constructor(settings: Settings, size: number, column: number, random: RandomStream) {
    super();
    const { channels, lastChannels } = settings;
    const [own, below] = [channels[size] as number, channels[size + 1] as number];
    // MONAI halves what comes from below, but not on the way to full size.
    const upsampled = size === 0 ? below : Math.floor(below / 2);
    this.upsample = new TransposedConvolution(
      { inputChannels: below, outputChannels: upsampled, kernel: 2, stride: 2 },
      random.at('upsample'),
    );
    const outputChannels = size === 0 && column === channels.length - 1 ? lastChannels : own;
    this.refine = twoConvolutions(settings, column * own + upsampled, outputChannels, random.at('refine'));
  }

  forward(below: tf.Tensor5D, row: readonly tf.Tensor5D[], context: Context): tf.Tensor5D {
    return tf.tidy(() => this.refine.forward(tf.concat([...row, this.upsample.forward(below)], 4), context));
  }
}

function createHead(settings: Settings, random: RandomStream): SupervisedHead {
  const { channels, lastChannels, outputChannels, deepSupervision } = settings;
  const earlier = channels.slice(2).map(() => channels[0] as number);
  return new SupervisedHead(
    {
      channels: [lastChannels, ...earlier],
      outputChannels,
      auxiliary: deepSupervision ? earlier.length : 0,
      initialisation: frameworkInitialisation,
    },
    random,
  );
}

function twoConvolutions(
  { normalisation, activation, bias }: Settings,
  inputChannels: number,
  outputChannels: number,
  random: RandomStream,
): ConvolutionStack {
  const options = { inputChannels, outputChannels, kernel: 3, stride: 1, convolutions: 2 };
  return new ConvolutionStack({ ...options, normalisation, affine: true, activation, bias }, random);
}
