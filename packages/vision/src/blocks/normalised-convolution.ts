import {
  BatchNorm,
  type Context,
  Convolution,
  InstanceNorm,
  leakyRelu,
  Module,
  ParametricRelu,
  type RandomStream,
  TransposedConvolution,
  type Triple,
  triple,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Instance norm without, batch norm with learned scale and shift: what MONAI's names `INSTANCE` and `BATCH` mean. */
export type Normalisation = 'instance' | 'batch';

/** PReLU with one learned slope, or leaky ReLU with a fixed one. */
export type Activation = 'prelu' | { readonly leakyRelu: number };

/**
 * Which convolutions have a bias: all, none, or those that no normalisation follows. A normalisation takes the mean out, and the bias with
 * it, so that a bias before it costs two passes over the features and learns nothing.
 */
export type Bias = boolean | 'unnormalised';

export interface NormalisedConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: number;
  readonly stride: number | Triple;
  readonly normalisation: Normalisation;
  readonly activation: Activation;
  readonly bias: Bias;
  /** Upsamples by `stride` instead of downsampling by it. */
  readonly transposed?: boolean;
}

/** Convolution, normalisation, activation: [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O], or times the stride. */
export class NormalisedConvolution extends Module {
  readonly convolution: Convolution | TransposedConvolution;
  readonly normalisation: InstanceNorm | BatchNorm;
  readonly activation: ParametricRelu | undefined;
  readonly #slope: number;

  constructor(options: NormalisedConvolutionOptions, random: RandomStream) {
    super();
    this.convolution = createConvolution({ ...options, bias: options.bias === true }, random);
    this.normalisation = createNormalisation(options);
    this.activation = options.activation === 'prelu' ? new ParametricRelu() : undefined;
    this.#slope = options.activation === 'prelu' ? 0 : options.activation.leakyRelu;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const normalised = this.normalisation.forward(this.convolution.forward(x), context) as tf.Tensor5D;
      return this.activation ? this.activation.forward(normalised) : leakyRelu(normalised, this.#slope);
    });
  }
}

/** The normalisation of a convolution's output channels. */
export function createNormalisation(
  options: Pick<NormalisedConvolutionOptions, 'normalisation' | 'outputChannels'>,
): InstanceNorm | BatchNorm {
  const channels = options.outputChannels;
  return options.normalisation === 'instance' ? new InstanceNorm({ channels }) : new BatchNorm({ channels });
}

/** A convolution that divides the sides by its stride, or a transposed one that multiplies them by it. */
export function createConvolution(
  options: Omit<NormalisedConvolutionOptions, 'normalisation' | 'activation' | 'bias'> & {
    readonly bias: boolean;
  },
  random: RandomStream,
): Convolution | TransposedConvolution {
  const { inputChannels, outputChannels, kernel, stride, bias } = options;
  const at = random.at('convolution');
  if (!options.transposed)
    return new Convolution({ inputChannels, outputChannels, kernel, stride, bias }, at);
  const padding = (kernel - 1) >> 1;
  const outputPadding = triple(stride).map((step) => 2 * padding + step - kernel) as unknown as Triple;
  return new TransposedConvolution(
    { inputChannels, outputChannels, kernel, stride, padding, outputPadding, bias },
    at,
  );
}
