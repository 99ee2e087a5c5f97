import { type Context, Convolution, leakyRelu, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  type LeakyRelu,
  NormalisedConvolution,
  type NormalisedConvolutionOptions,
} from './normalised-convolution.js';

export interface ProjectedStackOptions
  extends Omit<NormalisedConvolutionOptions, 'transposed' | 'activation' | 'padding'> {
  readonly activation: LeakyRelu;
  /** Blocks in a row; the first has the stride and the projection. */
  readonly blocks: number;
}

/**
 * The residual blocks of STU-Net in a row, the first of which maps its shortcut by a 1x1x1 convolution even where the channels stay:
 * [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O].
 */
export class ProjectedStack extends Module {
  readonly blocks: ProjectedBlock[];

  constructor({ blocks, ...options }: ProjectedStackOptions, random: RandomStream) {
    super();
    const further = { ...options, inputChannels: options.outputChannels, stride: 1 };
    this.blocks = Array.from({ length: blocks }, (_, index) => {
      const projects = index === 0;
      return new ProjectedBlock(projects ? options : further, projects, random.at('blocks', index));
    });
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => this.blocks.reduce((features, block) => block.forward(features, context), x));
  }
}

/** Two normalised convolutions beside the identity or a 1x1x1 convolution of stride that nothing normalises, added before the last rectifier. */
class ProjectedBlock extends Module {
  readonly first: NormalisedConvolution;
  readonly second: NormalisedConvolution;
  readonly shortcut: Convolution | undefined;
  readonly #slope: number;

  constructor(options: Omit<ProjectedStackOptions, 'blocks'>, projects: boolean, random: RandomStream) {
    super();
    const { outputChannels, bias } = options;
    this.first = new NormalisedConvolution(options, random.at('first'));
    const second = { ...options, inputChannels: outputChannels, stride: 1, activation: 'none' } as const;
    this.second = new NormalisedConvolution(second, random.at('second'));
    const projection = { ...options, kernel: 1, bias: bias !== false };
    this.shortcut = projects ? new Convolution(projection, random.at('shortcut')) : undefined;
    this.#slope = options.activation.leakyRelu;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const y = this.second.forward(this.first.forward(x, context), context);
      const beside = this.shortcut ? this.shortcut.forward(x) : x;
      return leakyRelu(tf.add(y, beside) as tf.Tensor5D, this.#slope);
    });
  }
}
