import { type Context, Module, type RandomStream, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { ConvolutionStack } from '../blocks/convolution-stack.js';
import { type DCFormerSettings, dcFormerSettings, dcFormerStrides } from '../blocks/dcformer-settings.js';
import { StageGrids } from '../blocks/stage-grids.js';
import { UpsamplingDecoder } from '../blocks/upsampling-decoder.js';
import type { Encoder, FusionSite, Meet, Pyramid } from '../coupling.js';
import { ConvolutionHead, SegmentationNetwork } from '../segmentation-network.js';
import { createDCFormer, type DCFormer, type DCFormerOptions } from './dcformer.js';

/**
 * As for `createDCFormer`, with other defaults: `stemStride` 2, for a finer grid, and `normalisation` 'instance', also the decoder's, since patches for
 * segmentation come one or two a batch.
 */
export interface DCFormerUNetOptions extends DCFormerOptions {
  readonly outputChannels: number;
}

/**
 * A U-Net whose encoder is DCFormer (Ates et al. 2025): transposed convolutions and convolutions over [upsampled, skip] up to the stem's grid, and with a stem
 * of a stride one level more, over the image. Text may meet what each of the four stages after the stem yields.
 * @throws NetworkError `backbone-options` where lists do not go together or a kernel is even, `groups-do-not-divide`.
 */
export function createDCFormerUNet(options: DCFormerUNetOptions, random: RandomStream): SegmentationNetwork {
  const { inputChannels, outputChannels, ...shape } = options;
  const settings = dcFormerSettings({ stemStride: 2, normalisation: 'instance', ...shape });
  const encoder = new DCFormerUNetEncoder(settings, inputChannels, random.at('encoder'));
  const head = { inputChannels: encoder.skipChannels[0] as number, outputChannels, kernel: 1 };
  return new SegmentationNetwork({
    encoder,
    decoder: createDecoder(settings, encoder, random.at('decoder')),
    head: new ConvolutionHead(head, random.at('head')),
  });
}

/** What all convolutions over skips and over the image have in common. */
function convolutions({ normalisation }: DCFormerSettings) {
  const activation = { leakyRelu: 0.01 };
  return { convolutions: 2, kernel: 3, normalisation, affine: true, activation, bias: false };
}

class DCFormerUNetEncoder extends Module implements Encoder {
  readonly network: DCFormer;
  /** Over the image, at its own sides; undefined where the stem keeps them. */
  readonly finest: ConvolutionStack | undefined;
  readonly sites: readonly FusionSite[];
  readonly bottleneckChannels: number;
  /** Channels of the skips, fine to deep. */
  readonly skipChannels: readonly number[];
  readonly #grids: StageGrids;

  constructor(settings: DCFormerSettings, inputChannels: number, random: RandomStream) {
    super();
    this.network = createDCFormer({ ...settings, inputChannels }, random.at('network'));
    const { channels, stemStride } = settings;
    const outputChannels = Math.ceil((channels[0] as number) / 2);
    const stack = { ...convolutions(settings), inputChannels, outputChannels, stride: 1 };
    this.finest = stemStride === 1 ? undefined : new ConvolutionStack(stack, random.at('finest'));
    const leastVoxels = settings.normalisation === 'instance' ? 2 : 1;
    this.#grids = new StageGrids('DCFormer', dcFormerStrides(settings), leastVoxels);
    this.sites = channels.slice(1).map((width, index) => this.#grids.site(index + 1, width));
    this.bottleneckChannels = channels.at(-1) as number;
    this.skipChannels = [...(this.finest ? [outputChannels] : []), ...channels.slice(0, -1)];
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    return this.#grids.extent(this.sites.length, input);
  }

  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet?: Meet<S>,
  ): { pyramid: Pyramid; state: S } {
    this.bottleneckExtent(image.shape.slice(1, 4));
    return tf.tidy(() => {
      const { pyramid, state: left } = this.network.encode(image, context, state, meet);
      const finest = this.finest ? [this.finest.forward(image as tf.Tensor5D, context)] : [];
      return { pyramid: { ...pyramid, skips: [...finest, ...pyramid.skips] }, state: left };
    });
  }
}

function createDecoder(
  settings: DCFormerSettings,
  { skipChannels, bottleneckChannels }: DCFormerUNetEncoder,
  random: RandomStream,
): UpsamplingDecoder {
  const { stemStride } = settings;
  const channels = [...skipChannels, bottleneckChannels];
  const levels = skipChannels.map((width, index) => {
    const step = index === 0 && stemStride > 1 ? stemStride : 2;
    return {
      ...convolutions(settings),
      inputChannels: channels[index + 1] as number,
      skipChannels: width,
      stride: [step, step, step] as Triple,
      upsampleBias: true,
    };
  });
  return new UpsamplingDecoder(levels.reverse(), random);
}
