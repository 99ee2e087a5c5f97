import { type Context, Module, type RandomStream, type Triple, within } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Normalisation } from '../blocks/normalised-convolution.js';
import { ResidualDecoder } from '../blocks/residual-decoder.js';
import { StageGrids } from '../blocks/stage-grids.js';
import { type UNETRBlock, unetrBlock } from '../blocks/unetr-block.js';
import type { Encoder, FusionSite, Meet, Pyramid } from '../coupling.js';
import { ConvolutionHead, SegmentationNetwork } from '../segmentation-network.js';
import {
  createSwinTransformer,
  type SwinTransformer,
  type SwinTransformerOptions,
} from './swin-transformer.js';

export interface SwinUNETROptions extends Omit<SwinTransformerOptions, 'patch'> {
  readonly outputChannels: number;
  /** Of the convolutions; those of version 2 inside the transformer have 'instance', as MONAI has it. Default 'instance'. */
  readonly normalisation?: Normalisation;
}

/**
 * Swin UNETR (Hatamizadeh et al. 2022) and SwinUNETR-V2 (He et al. 2023): a Swin transformer down, convolutions and transposed convolutions up.
 * Text may meet what each of the four stages yields; skips and bottleneck follow from what comes back.
 * @throws NetworkError `backbone-options`, `heads-do-not-divide` or `groups-do-not-divide` when widths do not go together.
 */
export function createSwinUNETR(options: SwinUNETROptions, random: RandomStream): SegmentationNetwork {
  const { width = 24, normalisation = 'instance', outputChannels } = options;
  const channels = [8, 4, 2, 1, 1].map((factor) => factor * width);
  return new SegmentationNetwork({
    encoder: new SwinUNETREncoder({ ...options, width, normalisation }, random.at('encoder')),
    decoder: new ResidualDecoder(
      { inputChannels: 16 * width, channels, normalisation, residual: true },
      random.at('decoder'),
    ),
    head: new ConvolutionHead({ inputChannels: width, outputChannels, kernel: 1 }, random.at('head')),
  });
}

class SwinUNETREncoder extends Module implements Encoder {
  readonly transformer: SwinTransformer;
  /** Over the image, the patch embedding and the first two stages. */
  readonly skips: UNETRBlock[];
  /** Over the last stage. */
  readonly bottleneck: UNETRBlock;
  readonly sites: readonly FusionSite[];
  readonly skipChannels: readonly number[];
  readonly bottleneckChannels: number;
  readonly #grids: StageGrids;

  constructor(
    options: SwinUNETROptions & { readonly width: number; readonly normalisation: Normalisation },
    random: RandomStream,
  ) {
    super();
    const { inputChannels, width, normalisation } = options;
    const halvings = Array.from({ length: 5 }, (): Triple => [2, 2, 2]);
    this.#grids = new StageGrids('Swin UNETR', halvings, normalisation === 'instance' ? 2 : 1);
    this.transformer = createSwinTransformer(options, random.at('transformer'));
    const block = (given: number, outputChannels: number, at: RandomStream) =>
      unetrBlock({ inputChannels: given, outputChannels, normalisation, residual: true }, at);
    this.skips = [1, 1, 2, 4].map((factor, level) => {
      const outputChannels = factor * width;
      return block(level === 0 ? inputChannels : outputChannels, outputChannels, random.at('skips', level));
    });
    this.skipChannels = [1, 1, 2, 4, 8].map((factor) => factor * width);
    this.bottleneckChannels = 16 * width;
    this.bottleneck = block(this.bottleneckChannels, this.bottleneckChannels, random.at('bottleneck'));
    this.sites = this.transformer.sites.map((site, stage) => ({
      ...site,
      extent: (input) => this.#grids.extent(stage + 1, input),
    }));
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    return this.#grids.extent(4, input);
  }

  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet?: Meet<S>,
  ): { pyramid: Pyramid; state: S } {
    this.bottleneckExtent(image.shape.slice(1, 4));
    return tf.tidy(() => {
      const { pyramid, state: left } = this.transformer.encode(
        image,
        within(context, 'transformer'),
        state,
        meet,
      );
      const [embedded, first, second, third] = pyramid.skips;
      const refined = [image, embedded, first, second].map((features, level) =>
        (this.skips[level] as UNETRBlock).forward(features as tf.Tensor5D, context),
      );
      const bottleneck = this.bottleneck.forward(pyramid.bottleneck as tf.Tensor5D, context);
      return { pyramid: { skips: [...refined, third as tf.Tensor], bottleneck, extra: {} }, state: left };
    });
  }
}
