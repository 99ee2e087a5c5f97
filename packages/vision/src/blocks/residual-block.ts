import {
  averagePool,
  type Context,
  leakyRelu,
  Module,
  type RandomStream,
  type Triple,
  triple,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  type LeakyRelu,
  NormalisedConvolution,
  type NormalisedConvolutionOptions,
} from './normalised-convolution.js';

export interface ResidualBlockOptions
  extends Omit<NormalisedConvolutionOptions, 'transposed' | 'activation' | 'padding'> {
  readonly activation: LeakyRelu;
  /**
   * How the shortcut gets coarser: by the mean over a stride's voxels (ResNet-D, He et al. 2019, arXiv 1812.01187), or by the stride of its
   * convolution.
   */
  readonly shortcut: 'pooled' | 'strided';
  /** Starts as its shortcut alone: the second normalisation scales by zero. Default false. */
  readonly startsAsShortcut?: boolean;
}

/**
 * Two normalised convolutions beside a shortcut, added before the last rectifier: [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O].
 * The shortcut is the identity, or a 1x1x1 convolution and normalisation where the channels change, and made coarser where the block has a stride.
 */
export class ResidualBlock extends Module {
  readonly first: NormalisedConvolution;
  readonly second: NormalisedConvolution;
  readonly shortcut: NormalisedConvolution | undefined;
  readonly #window: Triple;
  readonly #slope: number;

  constructor(options: ResidualBlockOptions, random: RandomStream) {
    super();
    const { inputChannels, outputChannels, stride, startsAsShortcut = false } = options;
    this.first = new NormalisedConvolution(options, random.at('first'));
    this.second = new NormalisedConvolution(
      { ...options, inputChannels: outputChannels, stride: 1, activation: 'none' },
      random.at('second'),
    );
    if (startsAsShortcut) silence(this.second);
    const pooled = options.shortcut === 'pooled';
    const strided = !pooled && triple(stride).some((step) => step !== 1);
    this.shortcut =
      strided || inputChannels !== outputChannels
        ? createShortcut({ ...options, stride: pooled ? 1 : stride }, random.at('shortcut'))
        : undefined;
    this.#window = pooled ? triple(stride) : [1, 1, 1];
    this.#slope = options.activation.leakyRelu;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const y = this.second.forward(this.first.forward(x, context), context);
      const pooled = averagePool(x, this.#window);
      const beside = this.shortcut ? this.shortcut.forward(pooled, context) : pooled;
      return leakyRelu(tf.add(y, beside) as tf.Tensor5D, this.#slope);
    });
  }
}

function createShortcut(options: ResidualBlockOptions, random: RandomStream): NormalisedConvolution {
  return new NormalisedConvolution({ ...options, kernel: 1, activation: 'none', bias: false }, random);
}

function silence({ normalisation: { scale } }: NormalisedConvolution): void {
  if (scale) tf.tidy(() => scale.assign(tf.zerosLike(scale)));
}
