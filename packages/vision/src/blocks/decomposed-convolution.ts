import { type Context, Module, type RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Normalisation, NormalisedConvolution } from './normalised-convolution.js';

export interface DecomposedConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Voxels along each line, odd. */
  readonly kernel: number;
  /** Along all three axes, in every line. Default 1. */
  readonly stride?: number;
  /** Every channel by itself; input and output channels are then equal. Default false. */
  readonly depthwise?: boolean;
  /** Of each line. */
  readonly normalisation: Normalisation;
}

/**
 * The sum of three convolutions along one axis each, with a normalisation each (DCFormer, Ates et al. 2025, arXiv 2502.05091), in place of one by a
 * cube: [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O], rounded up. It reaches along the axes only, and costs 3 k where the cube costs k^3.
 */
export class DecomposedConvolution extends Module {
  readonly alongDepth: NormalisedConvolution;
  readonly alongHeight: NormalisedConvolution;
  readonly alongWidth: NormalisedConvolution;

  constructor(options: DecomposedConvolutionOptions, random: RandomStream) {
    super();
    const { kernel } = options;
    this.alongDepth = createLine(options, [kernel, 1, 1], random.at('alongDepth'));
    this.alongHeight = createLine(options, [1, kernel, 1], random.at('alongHeight'));
    this.alongWidth = createLine(options, [1, 1, kernel], random.at('alongWidth'));
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() =>
      tf.addN([this.alongDepth, this.alongHeight, this.alongWidth].map((line) => line.forward(x, context))),
    );
  }
}

/** A convolution along one axis and its normalisation. */
function createLine(
  options: DecomposedConvolutionOptions,
  kernel: Triple,
  random: RandomStream,
): NormalisedConvolution {
  const { inputChannels, outputChannels, stride = 1, depthwise = false, normalisation } = options;
  const groups = depthwise ? outputChannels : 1;
  return new NormalisedConvolution(
    {
      inputChannels,
      outputChannels,
      kernel,
      stride,
      groups,
      normalisation,
      affine: true,
      activation: 'none',
      bias: true,
    },
    random,
  );
}
