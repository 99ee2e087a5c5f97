import {
  BatchNorm,
  type Context,
  Convolution,
  DepthwiseConvolution,
  gelu,
  InstanceNorm,
  LayerNorm,
  leakyRelu,
  Module,
  type RandomStream,
  type Triple,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Instance norm without learned scale and shift, or batch norm or layer norm over the channels with them. */
export type MedFormerNormalisation = 'instance' | 'batch' | 'layer';

/** 'swish' is x times its sigmoid, PyTorch's SiLU. */
export type MedFormerActivation = 'relu' | 'gelu' | 'swish';

/** What all units of a network have in common. */
export interface MedFormerForm {
  readonly normalisation: MedFormerNormalisation;
  readonly activation: MedFormerActivation;
}

export interface MedFormerUnitOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: number | Triple;
  /** A filter a channel; the channels stay as many. Default false. */
  readonly depthwise?: boolean;
  /** Default true. */
  readonly activated?: boolean;
  readonly form: MedFormerForm;
}

/** The release has 1e-4 in its units and the framework's 1e-5 before attention and merging. */
const unitEpsilon = 1e-4;

/** Normalisation, activation, convolution without bias, in this order: [N, D, H, W, I] to [N, D, H, W, O]. */
export class MedFormerUnit extends Module {
  readonly normalisation: InstanceNorm | BatchNorm | LayerNorm;
  readonly convolution: Convolution | DepthwiseConvolution;
  readonly #activation: MedFormerActivation | undefined;

  constructor(options: MedFormerUnitOptions, random: RandomStream) {
    super();
    const { inputChannels, form, activated = true, depthwise = false } = options;
    this.normalisation = medFormerNormalisation(form, inputChannels, unitEpsilon);
    const at = random.at('convolution');
    this.convolution = depthwise
      ? new DepthwiseConvolution({ channels: inputChannels, kernel: options.kernel, bias: false }, at)
      : new Convolution({ ...options, bias: false }, at);
    this.#activation = activated ? form.activation : undefined;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => this.convolution.forward(this.prepare(x, context)));
  }

  /** What the convolution sees of `x`. */
  prepare(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const normalised = this.normalisation.forward(x, context) as tf.Tensor5D;
      return this.#activation ? activate(normalised, this.#activation) : normalised;
    });
  }
}

/** The normalisation of this form for [N, D, H, W, channels]. */
export function medFormerNormalisation(
  { normalisation }: MedFormerForm,
  channels: number,
  epsilon = 1e-5,
): InstanceNorm | BatchNorm | LayerNorm {
  if (normalisation === 'instance') return new InstanceNorm({ channels, epsilon });
  return new (normalisation === 'batch' ? BatchNorm : LayerNorm)({ channels, epsilon });
}

function activate(x: tf.Tensor5D, activation: MedFormerActivation): tf.Tensor5D {
  if (activation === 'relu') return leakyRelu(x, 0);
  return activation === 'gelu' ? (gelu(x) as tf.Tensor5D) : tf.mul(x, tf.sigmoid(x));
}
