import {
  type Context,
  LayerNorm,
  Module,
  NetworkError,
  type RandomStream,
  TransposedConvolution,
  type Triple,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { decodeLevels } from '../blocks/decode-levels.js';
import { nnFormerPatch } from '../blocks/nnformer-grids.js';
import type { NnFormerReduction } from '../blocks/nnformer-layouts.js';
import { NnFormerLevel } from '../blocks/nnformer-level.js';
import {
  type NnFormerSettings,
  type NnFormerShape,
  type NnFormerStageSettings,
  nnFormerSettings,
} from '../blocks/nnformer-settings.js';
import { NnFormerDownsampling, NnFormerStage, NnFormerStem } from '../blocks/nnformer-stage.js';
import type { Decoded, Decoder, Encoder, FusionSite, Head, Meet, Prediction, Pyramid } from '../coupling.js';
import { SegmentationNetwork } from '../segmentation-network.js';

export interface NnFormerOptions extends NnFormerShape {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Logits of every decoder level, `auxiliary` at half and a quarter of the sides. Default false; 'synapse': true. */
  readonly deepSupervision?: boolean;
}

/**
 * nnFormer (Zhou et al. 2021, arXiv 2109.03201): convolutions into and between stages of window attention, and a decoder that looks at the skips by
 * attention. Text may meet what the blocks of each stage yield; the skips follow from what comes back.
 * @throws NetworkError `backbone-options` where lists or sides do not go together, `heads-do-not-divide`.
 */
export function createNnFormer(options: NnFormerOptions, random: RandomStream): SegmentationNetwork {
  const settings = nnFormerSettings(options);
  const { inputChannels, outputChannels, deepSupervision = settings.deepSupervision } = options;
  const heads = deepSupervision ? settings.levels : settings.levels.slice(0, 1);
  return new SegmentationNetwork({
    encoder: new NnFormerEncoder(settings, inputChannels, random.at('encoder')),
    decoder: new NnFormerDecoder(settings, random.at('decoder')),
    head: new NnFormerHead(
      heads.map(({ width }) => width),
      outputChannels,
      nnFormerPatch(settings),
      random.at('head'),
    ),
  });
}

class NnFormerEncoder extends Module implements Encoder {
  readonly stages: NnFormerStage[];
  /** Of what leaves each stage, fine to deep; the next stage goes on without. */
  readonly normalisations: LayerNorm[];
  readonly sites: readonly FusionSite[];
  readonly bottleneckChannels: number;
  readonly skipChannels: readonly number[];
  readonly #imageSides: Triple;
  readonly #grids: readonly Triple[];

  constructor(
    { stages, stem, reductions, imageSides }: NnFormerSettings,
    inputChannels: number,
    random: RandomStream,
  ) {
    super();
    this.stages = stages.map((stage, index) => {
      const at = random.at('stages', index);
      const above = stages[index - 1];
      const enter = above
        ? new NnFormerDownsampling(above.width, reductions[index - 1] as NnFormerReduction, at.at('enter'))
        : new NnFormerStem(inputChannels, stage.width, stem, at.at('enter'));
      return new NnFormerStage(enter, stage, at);
    });
    this.normalisations = stages.map(({ width }) => new LayerNorm({ channels: width }));
    this.sites = stages.map(({ width }, stage) => this.#site(stage, width));
    this.bottleneckChannels = (stages.at(-1) as NnFormerStageSettings).width;
    this.skipChannels = stages.slice(0, -1).map(({ width }) => width);
    this.#imageSides = imageSides;
    this.#grids = stages.map(({ sides }) => sides);
  }

  bottleneckExtent(input: readonly number[]): readonly number[] {
    return this.#extent(this.stages.length - 1, input);
  }

  encode<S extends tf.TensorContainer>(
    image: tf.Tensor,
    context: Context,
    state: S,
    meet?: Meet<S>,
  ): { pyramid: Pyramid; state: S } {
    this.bottleneckExtent(image.shape.slice(1, 4));
    return tf.tidy(() => {
      const skips: tf.Tensor[] = [];
      let current = { features: image, state };
      for (const [index, stage] of this.stages.entries()) {
        current = tf.tidy(() => {
          const features = stage.forward(current.features as tf.Tensor5D, within(context, 'stages', index));
          return meet ? meet(index, features, current.state) : { features, state: current.state };
        });
        skips.push((this.normalisations[index] as LayerNorm).forward(current.features));
      }
      const bottleneck = skips.pop() as tf.Tensor;
      return { pyramid: { skips, bottleneck, extra: {} }, state: current.state };
    });
  }

  #site(stage: number, channels: number): FusionSite {
    const extent = (input: readonly number[]) => this.#extent(stage, input);
    return { name: `stage ${stage}`, kind: 'grid', channels, prefix: 0, extent };
  }

  /** @throws NetworkError `illegal-size` for another size than the one it was built for. */
  #extent(stage: number, input: readonly number[]): readonly number[] {
    if (input.join() !== this.#imageSides.join()) throw illegal(input, this.#imageSides);
    return this.#grids[stage] as Triple;
  }
}

/** Levels deep to fine; the finest has the grid of the first stage, a patch a token. */
class NnFormerDecoder extends Module implements Decoder {
  readonly levels: NnFormerLevel[];

  constructor({ levels, reductions }: NnFormerSettings, random: RandomStream) {
    super();
    this.levels = levels
      .map(
        (level, index) =>
          new NnFormerLevel(level, reductions[index] as NnFormerReduction, random.at('levels', index)),
      )
      .reverse();
  }

  decode(pyramid: Pyramid, context: Context): Decoded {
    const levels = decodeLevels(this.levels, pyramid, within(context, 'levels'));
    return { levels, extra: {} };
  }
}

/** A transposed convolution from the tokens of a level to the logits of their patches. */
class NnFormerHead extends Module implements Head {
  /** Fine to deep. */
  readonly levels: TransposedConvolution[];

  constructor(channels: readonly number[], outputChannels: number, patch: Triple, random: RandomStream) {
    super();
    this.levels = channels.map(
      (inputChannels, level) =>
        new TransposedConvolution(
          { inputChannels, outputChannels, kernel: patch, stride: patch },
          random.at('levels', level),
        ),
    );
  }

  predict({ levels, extra }: Decoded): Prediction {
    return tf.tidy(() => {
      const [logits, ...auxiliary] = this.levels.map((convolution, level) =>
        convolution.forward(levels.at(-1 - level) as tf.Tensor5D),
      );
      return { logits: logits as tf.Tensor, auxiliary, extra };
    });
  }
}

function illegal(input: readonly number[], sides: Triple): NetworkError {
  return new NetworkError(
    'illegal-size',
    `nnFormer was built for images of [${sides}] voxels, received [${input}]`,
    {
      hint: `use a patch of [${sides}] voxels, or build it with other imageSides`,
    },
  );
}
