import { type RandomStream, TransposedConvolution } from '@bipvl/nn';
import { ConvolutionStack } from './convolution-stack.js';
import type { Normalisation } from './normalised-convolution.js';
import { ResidualBlock } from './residual-block.js';

export interface UNETRBlockOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly normalisation: Normalisation;
  /** Whether a shortcut runs beside the convolutions. */
  readonly residual: boolean;
}

export type UNETRBlock = ResidualBlock | ConvolutionStack;

/** A transposed convolution that doubles the sides, without a bias. */
export function doubling(
  inputChannels: number,
  outputChannels: number,
  random: RandomStream,
): TransposedConvolution {
  return new TransposedConvolution(
    { inputChannels, outputChannels, kernel: 2, stride: 2, bias: false },
    random,
  );
}

/** The block of all convolutions of UNETR and Swin UNETR: two of them with leaky ReLU of slope 0.01, beside a shortcut or not. */
export function unetrBlock(options: UNETRBlockOptions, random: RandomStream): UNETRBlock {
  const { inputChannels, outputChannels, normalisation, residual } = options;
  const activation = { leakyRelu: 0.01 };
  const common = {
    inputChannels,
    outputChannels,
    kernel: 3,
    stride: 1,
    normalisation,
    activation,
    bias: false,
  };
  return residual
    ? new ResidualBlock({ ...common, shortcut: 'strided' }, random)
    : new ConvolutionStack({ ...common, convolutions: 2 }, random);
}
