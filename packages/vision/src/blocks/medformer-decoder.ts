import { type Context, Convolution, Module, type RandomStream, resize, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Decoded, Decoder, Pyramid } from '../coupling.js';
import type { MappedFeatures } from './bidirectional-attention.js';
import { exchangeAll, type MedFormerBlock, medFormerBlocks } from './medformer-block.js';
import { mapName } from './medformer-encoder.js';
import {
  type MedFormerResidualBlock,
  medFormerResidualBlocks,
  runBlocks,
} from './medformer-residual-block.js';
import type { MedFormerSettings } from './medformer-settings.js';

/** Joins the levels by interpolation and concatenation: the two deepest with attention to their maps, then the two finest with convolutions. */
export class MedFormerDecoder extends Module implements Decoder {
  /** Deep to fine. */
  readonly coarse: CoarseLevel[];
  readonly fine: FineLevel[];

  constructor(settings: MedFormerSettings, random: RandomStream) {
    super();
    this.coarse = [0, 1].map((index) => new CoarseLevel(index, settings, random.at('coarse', index)));
    this.fine = [0, 1].map((index) => new FineLevel(index + 2, settings, random.at('fine', index)));
  }

  decode({ skips, bottleneck, extra }: Pyramid, context: Context): Decoded {
    const levels: tf.Tensor[] = [];
    let current = { features: bottleneck, map: extra[mapName(4)] } as MappedFeatures;
    for (const [index, level] of this.coarse.entries()) {
      const skip = { features: skips.at(-1 - index), map: extra[mapName(3 - index)] } as MappedFeatures;
      current = level.ascend(current, skip, context);
      levels.push(current.features);
    }
    for (const [index, level] of this.fine.entries()) {
      const below = levels.at(-1) as tf.Tensor5D;
      levels.push(level.forward(below, skips.at(-3 - index) as tf.Tensor5D, context));
    }
    return { levels, extra: {} };
  }
}

/** A map and features from below with those of the skip: attention between them, then residual blocks. */
class CoarseLevel extends Module {
  readonly mapReduction: Convolution;
  readonly attentionBlocks: MedFormerBlock[];
  readonly blocks: MedFormerResidualBlock[];

  constructor(index: number, settings: MedFormerSettings, random: RandomStream) {
    super();
    const { inputChannels, outputChannels, kernel } = joinedChannels(index, settings);
    this.mapReduction = new Convolution(
      { inputChannels, outputChannels, kernel: 1, bias: false },
      random.at('mapReduction'),
    );
    this.attentionBlocks = medFormerBlocks(
      settings.attentionUp[index] as number,
      {
        inputChannels,
        outputChannels,
        heads: settings.headsUp[index] as number,
        expansion: settings.expansion,
        kernel: settings.projection === 'depthwise' ? kernel : undefined,
        form: settings.form,
        // Above the second level nothing reads it.
        returnsMap: index === 0,
      },
      random,
    );
    this.blocks = medFormerResidualBlocks(
      settings.blocksUp[index] as number,
      { inputChannels: outputChannels, outputChannels, kernel, form: settings.form },
      random,
    );
  }

  ascend(below: MappedFeatures, skip: MappedFeatures, context: Context): MappedFeatures {
    return tf.tidy(() => {
      const joined = {
        features: join(below.features, skip.features),
        map: this.mapReduction.forward(tf.concat([below.map, skip.map], 4)),
      };
      const { features, map } = exchangeAll(this.attentionBlocks, joined, context);
      return { features: runBlocks(this.blocks, features, context), map };
    });
  }
}

/** Features from below with the skip: residual blocks, the first of which reduces the channels. */
class FineLevel extends Module {
  readonly blocks: MedFormerResidualBlock[];

  constructor(index: number, settings: MedFormerSettings, random: RandomStream) {
    super();
    const options = { ...joinedChannels(index, settings), form: settings.form };
    this.blocks = medFormerResidualBlocks(settings.blocksUp[index] as number, options, random);
  }

  forward(x: tf.Tensor5D, skip: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => runBlocks(this.blocks, join(x, skip), context));
  }
}

/** Of decoder level `index`, deep to fine: channels of [from below, skip] and of the result, which has those of the skip. */
function joinedChannels(index: number, { channels, kernels }: MedFormerSettings) {
  const [below, outputChannels] = [channels.at(-1 - index) as number, channels.at(-2 - index) as number];
  return { inputChannels: below + outputChannels, outputChannels, kernel: kernels.at(-2 - index) as Triple };
}

/** Enlarged with the corners kept in place, and first in the channels. */
function join(below: tf.Tensor5D, skip: tf.Tensor5D): tf.Tensor5D {
  const sides = skip.shape.slice(1, 4) as unknown as Triple;
  return tf.concat([resize(below, sides, 'trilinear-corners'), skip], 4);
}
