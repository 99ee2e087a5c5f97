import { type Context, Module, type RandomStream, TransposedConvolution, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Decoded, Decoder, Pyramid } from '../coupling.js';
import { ConvolutionStack, type ConvolutionStackOptions } from './convolution-stack.js';
import { decodeLevels } from './decode-levels.js';

export interface UpsamplingLevelOptions extends Omit<ConvolutionStackOptions, 'outputChannels' | 'stride'> {
  /** Channels of the skip, and of the level's result; `inputChannels` are those from below. */
  readonly skipChannels: number;
  /** Of the transposed convolution, whose filter has the same sides. */
  readonly stride: Triple;
  /** Whether the transposed convolution has a bias. */
  readonly upsampleBias: boolean;
}

/** Joins the levels of a pyramid by transposed convolutions and normalised convolutions over [upsampled, skip]. */
export class UpsamplingDecoder extends Module implements Decoder {
  /** Deep to fine: `levels[0]` joins the bottleneck with the deepest skip. */
  readonly levels: UpsamplingLevel[];

  constructor(levels: readonly UpsamplingLevelOptions[], random: RandomStream) {
    super();
    this.levels = levels.map((level, index) => new UpsamplingLevel(level, random.at('levels', index)));
  }

  decode(pyramid: Pyramid, context: Context): Decoded {
    return { levels: decodeLevels(this.levels, pyramid, context), extra: {} };
  }
}

class UpsamplingLevel extends Module {
  readonly upsample: TransposedConvolution;
  readonly refine: ConvolutionStack;

  constructor(options: UpsamplingLevelOptions, random: RandomStream) {
    super();
    const { inputChannels, skipChannels, stride, upsampleBias, ...common } = options;
    const { initialisation } = common;
    this.upsample = new TransposedConvolution(
      {
        inputChannels,
        outputChannels: skipChannels,
        kernel: stride,
        stride,
        bias: upsampleBias,
        ...(initialisation ? { initialisation } : {}),
      },
      random.at('upsample'),
    );
    this.refine = new ConvolutionStack(
      { ...common, inputChannels: 2 * skipChannels, outputChannels: skipChannels, stride: 1 },
      random.at('refine'),
    );
  }

  forward(x: tf.Tensor5D, skip: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => this.refine.forward(tf.concat([this.upsample.forward(x), skip], 4), context));
  }
}
