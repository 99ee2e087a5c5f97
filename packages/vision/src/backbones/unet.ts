import {
  type Context,
  Module,
  NetworkError,
  type RandomStream,
  type TransposedConvolution,
  type Triple,
  triple,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Activation,
  type Bias,
  createConvolution,
  type Normalisation,
  NormalisedConvolution,
  type NormalisedConvolutionOptions,
} from '../blocks/normalised-convolution.js';
import { ResidualUnit } from '../blocks/residual-unit.js';
import type { Decoded, Decoder, Encoder, FusionSite, Meet, Pyramid } from '../coupling.js';
import { ConvolutionHead, IdentityHead, SegmentationNetwork } from '../segmentation-network.js';

export interface UNetOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Channels of each level, fine to deep; the last is the bottom. Default [16, 32, 64, 128, 256]. */
  readonly channels?: readonly number[];
  /** Stride into each level but the bottom. Default 2 each. */
  readonly strides?: readonly (number | Triple)[];
  /** Convolutions a residual unit; 0 for plain convolutions. Default 2. */
  readonly residualUnits?: number;
  /** Side of the filters. Default 3. */
  readonly kernel?: number;
  /** Default 'instance'. */
  readonly normalisation?: Normalisation;
  /** Default 'prelu'. */
  readonly activation?: Activation;
  /** Default true. */
  readonly bias?: Bias;
  /** Normalises the shortcuts of the residual units, which keeps features small where text joins them. Default false, as MONAI has it. */
  readonly normaliseShortcut?: boolean;
  /**
   * 'transposed': the last transposed convolution yields the logits, as MONAI has it. 'convolution': it yields `channels[0]` features and a
   * 1x1x1 convolution the logits, which learnt in fewer steps on the hippocampus. Default 'transposed'.
   */
  readonly head?: 'transposed' | 'convolution';
}

/** The options with every default filled in. */
type Settings = Required<UNetOptions>;

/**
 * The residual U-Net of MONAI (Kerfoot et al. 2018): strided residual units down, transposed convolutions up.
 * Text may meet every level but the first.
 * @throws NetworkError `unet-options` when strides and channels do not go together.
 */
export function createUNet(options: UNetOptions, random: RandomStream): SegmentationNetwork {
  const settings = withDefaults(options);
  return new SegmentationNetwork({
    encoder: new UNetEncoder(settings, random.at('encoder')),
    decoder: new UNetDecoder(settings, random.at('decoder')),
    head:
      settings.head === 'transposed'
        ? new IdentityHead()
        : createConvolutionHead(settings, random.at('head')),
  });
}

function withDefaults(options: UNetOptions): Settings {
  const channels = options.channels ?? [16, 32, 64, 128, 256];
  const strides = options.strides ?? channels.slice(1).map(() => 2);
  if (channels.length < 2 || strides.length !== channels.length - 1)
    throw unmatched(channels.length, strides.length);
  return {
    residualUnits: 2,
    kernel: 3,
    normalisation: 'instance',
    activation: 'prelu',
    bias: true,
    normaliseShortcut: false,
    head: 'transposed',
    ...options,
    channels,
    strides,
  };
}

class UNetEncoder extends Module implements Encoder {
  readonly levels: (NormalisedConvolution | ResidualUnit)[];
  readonly sites: readonly FusionSite[];
  readonly skipChannels: readonly number[];
  readonly bottleneckChannels: number;
  readonly #strides: readonly Triple[];

  constructor(settings: Settings, random: RandomStream) {
    super();
    const { channels } = settings;
    // The bottom keeps the resolution of the level above it.
    this.#strides = [...settings.strides.map(triple), [1, 1, 1]];
    this.levels = channels.map((outputChannels, level) => {
      const inputChannels = level === 0 ? settings.inputChannels : (channels[level - 1] as number);
      return createDownLayer(
        settings,
        inputChannels,
        outputChannels,
        this.#strides[level] as Triple,
        random.at('levels', level),
      );
    });
    this.sites = channels.slice(1).map((width, index) => this.#site(index + 1, width));
    this.skipChannels = channels.slice(0, -1);
    this.bottleneckChannels = channels.at(-1) as number;
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    return this.#extent(this.levels.length - 1, input);
  }

  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet?: Meet<S>,
  ): { pyramid: Pyramid; state: S } {
    this.bottleneckExtent(image.shape.slice(1, 4));
    const outputs: tf.Tensor[] = [];
    let current = { features: image, state };
    for (const [index, level] of this.levels.entries()) {
      current = tf.tidy(() => {
        const features = level.forward(current.features as tf.Tensor5D, context);
        return index > 0 && meet
          ? meet(index - 1, features, current.state)
          : { features, state: current.state };
      });
      outputs.push(current.features);
    }
    return {
      pyramid: { skips: outputs.slice(0, -1), bottleneck: current.features, extra: {} },
      state: current.state,
    };
  }

  #site(level: number, channels: number): FusionSite {
    return {
      name: `level ${level}`,
      kind: 'grid',
      channels,
      prefix: 0,
      extent: (input) => this.#extent(level, input),
    };
  }

  #extent(level: number, input: readonly number[]): readonly number[] {
    const factors = [0, 1, 2].map((axis) =>
      product(this.#strides.slice(0, level + 1).map((stride) => stride[axis] as number)),
    );
    const whole = [0, 1, 2].map((axis) => product(this.#strides.map((stride) => stride[axis] as number)));
    if (input.length !== 3 || input.some((side, axis) => side < 1 || side % (whole[axis] as number) !== 0))
      throw illegal(input, whole);
    return input.map((side, axis) => side / (factors[axis] as number));
  }
}

class UNetDecoder extends Module implements Decoder {
  /** Deep to fine: `levels[0]` joins the bottom with the deepest skip. */
  readonly levels: UpLayer[];

  constructor(settings: Settings, random: RandomStream) {
    super();
    const { channels, strides } = settings;
    this.levels = strides.map((stride, index) => {
      const level = strides.length - 1 - index;
      const skip = channels[level] as number;
      const inputChannels = skip + (index === 0 ? (channels.at(-1) as number) : skip);
      const isTop = level === 0 && settings.head === 'transposed';
      const outputChannels = isTop ? settings.outputChannels : (channels[Math.max(0, level - 1)] as number);
      const at = random.at('levels', index);
      return new UpLayer(
        settings,
        { inputChannels, outputChannels, stride: strides[level] ?? stride, isTop },
        at,
      );
    });
  }

  decode(pyramid: Pyramid, context: Context): Decoded {
    const levels: tf.Tensor[] = [];
    let features = pyramid.bottleneck;
    for (const [index, level] of this.levels.entries()) {
      const skip = pyramid.skips.at(-1 - index) as tf.Tensor;
      features = tf.tidy(() => level.forward(tf.concat([skip, features], 4) as tf.Tensor5D, context));
      levels.push(features);
    }
    return { levels, extra: {} };
  }
}

function createConvolutionHead(
  { channels, outputChannels }: Settings,
  random: RandomStream,
): ConvolutionHead {
  return new ConvolutionHead({ inputChannels: channels[0] as number, outputChannels, kernel: 1 }, random);
}

interface UpLayerOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly stride: number | Triple;
  readonly isTop: boolean;
}

/** A transposed convolution and, in the residual form, a residual unit of one convolution after it. */
class UpLayer extends Module {
  readonly upsample: NormalisedConvolution | TransposedConvolution;
  readonly refine: ResidualUnit | undefined;

  constructor(settings: Settings, options: UpLayerOptions, random: RandomStream) {
    super();
    const isResidual = settings.residualUnits > 0;
    const shared = {
      ...common(settings),
      inputChannels: options.inputChannels,
      outputChannels: options.outputChannels,
    };
    const transposed = { ...shared, stride: options.stride, transposed: true };
    const at = random.at('upsample');
    this.upsample =
      options.isTop && !isResidual
        ? (createConvolution({ ...transposed, bias: settings.bias !== false }, at) as TransposedConvolution)
        : new NormalisedConvolution(transposed, at);
    const unit = {
      ...shared,
      inputChannels: options.outputChannels,
      stride: 1,
      subunits: 1,
      lastIsBare: options.isTop,
    };
    this.refine = isResidual ? new ResidualUnit(unit, random.at('refine')) : undefined;
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const y = this.upsample.forward(x, context);
      return this.refine ? this.refine.forward(y, context) : y;
    });
  }
}

function createDownLayer(
  settings: Settings,
  inputChannels: number,
  outputChannels: number,
  stride: Triple,
  random: RandomStream,
): NormalisedConvolution | ResidualUnit {
  const options = { ...common(settings), inputChannels, outputChannels, stride };
  if (settings.residualUnits === 0) return new NormalisedConvolution(options, random);
  return new ResidualUnit(
    { ...options, subunits: settings.residualUnits, normaliseShortcut: settings.normaliseShortcut },
    random,
  );
}

function common({
  kernel,
  normalisation,
  activation,
  bias,
}: Settings): Pick<NormalisedConvolutionOptions, 'kernel' | 'normalisation' | 'activation' | 'bias'> {
  return { kernel, normalisation, activation, bias };
}

function product(values: readonly number[]): number {
  return values.reduce((total, value) => total * value, 1);
}

function unmatched(levels: number, strides: number): NetworkError {
  return new NetworkError(
    'unet-options',
    `UNet expects one stride less than levels, received ${levels} channels and ${strides} strides`,
    {
      hint: `give ${Math.max(1, levels - 1)} strides, for instance 2 each`,
    },
  );
}

function illegal(input: readonly number[], factors: readonly number[]): NetworkError {
  const nearest = factors.map(
    (factor, axis) => Math.max(1, Math.round((input[axis] ?? factor) / factor)) * factor,
  );
  return new NetworkError(
    'illegal-size',
    `UNet expects sides that are multiples of [${factors}], received [${input}]`,
    {
      hint: `use a patch of [${nearest}] voxels`,
    },
  );
}
