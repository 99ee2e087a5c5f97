import {
  BatchNorm,
  type Context,
  Convolution,
  GroupNorm,
  type Initialisation,
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

/**
 * Instance norm, without learned scale and shift where nothing else is said, or batch norm or group norm with them: MONAI's `INSTANCE`, `BATCH` and
 * `GROUP`. `groups` must divide the channels everywhere.
 */
export type Normalisation = 'instance' | 'batch' | { readonly groups: number };

/** The layer that a `Normalisation` names. */
export type NormalisationLayer = InstanceNorm | BatchNorm | GroupNorm;

/** PReLU with one learned slope, or leaky ReLU with a fixed one. */
export type Activation = 'prelu' | LeakyRelu;

/** y = x for x > 0, slope * x otherwise. */
export interface LeakyRelu {
  readonly leakyRelu: number;
}

/**
 * Which convolutions have a bias: all, none, or those that no normalisation follows. A normalisation takes the mean out, and the bias with
 * it, so that a bias before it costs two passes over the features and learns nothing.
 */
export type Bias = boolean | 'unnormalised';

export interface NormalisedConvolutionOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: number | Triple;
  readonly stride: number | Triple;
  /** Default (kernel - 1) / 2, rounded down. */
  readonly padding?: number | Triple;
  /** Runs of channels that do not see each other, but in a transposed one. Default 1. */
  readonly groups?: number;
  readonly normalisation: Normalisation;
  /** Learns a scale and a shift in instance norm too. Default false. */
  readonly affine?: boolean;
  /** 'none' where something is added first. */
  readonly activation: Activation | 'none';
  readonly bias: Bias;
  /** Default PyTorch's. */
  readonly initialisation?: Initialisation;
  /** Upsamples by `stride` instead of downsampling by it. */
  readonly transposed?: boolean;
}

/** Convolution, normalisation, activation: [N, D, H, W, I] to [N, D / stride, H / stride, W / stride, O], or times the stride. */
export class NormalisedConvolution extends Module {
  readonly convolution: Convolution | TransposedConvolution;
  readonly normalisation: NormalisationLayer;
  readonly activation: ParametricRelu | undefined;
  /** Of a fixed rectifier; undefined without one. */
  readonly #slope: number | undefined;

  constructor(options: NormalisedConvolutionOptions, random: RandomStream) {
    super();
    this.convolution = createConvolution({ ...options, bias: options.bias === true }, random);
    this.normalisation = createNormalisation(options);
    this.activation = options.activation === 'prelu' ? new ParametricRelu() : undefined;
    this.#slope = typeof options.activation === 'string' ? undefined : options.activation.leakyRelu;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const normalised = this.normalisation.forward(this.convolution.forward(x), context) as tf.Tensor5D;
      if (this.activation) return this.activation.forward(normalised);
      return this.#slope === undefined ? normalised : leakyRelu(normalised, this.#slope);
    });
  }
}

/** The normalisation of a convolution's output channels. @throws NetworkError `groups-do-not-divide`. */
export function createNormalisation(
  options: Pick<NormalisedConvolutionOptions, 'normalisation' | 'affine' | 'outputChannels'>,
): NormalisationLayer {
  const { normalisation, outputChannels: channels, affine = false } = options;
  if (normalisation === 'instance') return new InstanceNorm({ channels, affine });
  if (normalisation === 'batch') return new BatchNorm({ channels });
  return new GroupNorm({ channels, groups: normalisation.groups });
}

/** A convolution that divides the sides by its stride, or a transposed one that multiplies them by it. */
export function createConvolution(
  options: Omit<NormalisedConvolutionOptions, 'normalisation' | 'activation' | 'bias'> & {
    readonly bias: boolean;
  },
  random: RandomStream,
): Convolution | TransposedConvolution {
  const at = random.at('convolution');
  if (!options.transposed) return new Convolution(options, at);
  const kernel = triple(options.kernel);
  const padding = kernel.map((side) => (side - 1) >> 1) as unknown as Triple;
  const outputPadding = triple(options.stride).map(
    (step, axis) => 2 * (padding[axis] as number) + step - (kernel[axis] as number),
  ) as unknown as Triple;
  return new TransposedConvolution({ ...options, padding, outputPadding }, at);
}
