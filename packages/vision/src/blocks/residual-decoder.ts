import { type Context, Module, type RandomStream, type TransposedConvolution } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Decoded, Decoder, Pyramid } from '../coupling.js';
import { decodeLevels } from './decode-levels.js';
import type { Normalisation } from './normalised-convolution.js';
import { doubling, type UNETRBlock, unetrBlock } from './unetr-block.js';

export interface ResidualDecoderOptions {
  /** Channels of the bottleneck. */
  readonly inputChannels: number;
  /** Channels of each level and of its skip, deep to fine. */
  readonly channels: readonly number[];
  readonly normalisation: Normalisation;
  /** Whether the blocks have shortcuts. */
  readonly residual: boolean;
}

/**
 * Joins the levels of a pyramid as Swin UNETR and UNETR do (Hatamizadeh et al. 2022): each level doubles the sides by a transposed convolution and
 * runs a block over [upsampled, skip].
 */
export class ResidualDecoder extends Module implements Decoder {
  /** Deep to fine. */
  readonly levels: ResidualDecoderLevel[];

  constructor(options: ResidualDecoderOptions, random: RandomStream) {
    super();
    const { channels } = options;
    this.levels = channels.map((outputChannels, level) => {
      const inputChannels = level === 0 ? options.inputChannels : (channels[level - 1] as number);
      return new ResidualDecoderLevel(
        { ...options, inputChannels, outputChannels },
        random.at('levels', level),
      );
    });
  }

  decode(pyramid: Pyramid, context: Context): Decoded {
    return { levels: decodeLevels(this.levels, pyramid, context), extra: pyramid.extra };
  }
}

interface LevelOptions extends Omit<ResidualDecoderOptions, 'channels'> {
  readonly outputChannels: number;
}

class ResidualDecoderLevel extends Module {
  readonly upsample: TransposedConvolution;
  readonly refine: UNETRBlock;

  constructor(options: LevelOptions, random: RandomStream) {
    super();
    const { outputChannels } = options;
    this.upsample = doubling(options.inputChannels, outputChannels, random.at('upsample'));
    this.refine = unetrBlock({ ...options, inputChannels: 2 * outputChannels }, random.at('refine'));
  }

  forward(x: tf.Tensor5D, skip: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => this.refine.forward(tf.concat([this.upsample.forward(x), skip], 4), context));
  }
}
