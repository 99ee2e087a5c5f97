import { createFusion, type Fusion } from '@bipvl/bifusion';
import {
  type Context,
  evaluation,
  freeze,
  Module,
  NetworkError,
  parameter,
  type RandomStream,
  type TextState,
  within,
} from '@bipvl/nn';
import { Bert, classTokens, SentenceTable, type TextEncoder } from '@bipvl/text-encoder';
import type { FusionSite, Meet, Prediction, SegmentationNetwork } from '@bipvl/vision';
import * as tf from '@tensorflow/tfjs-core';
import type { BiPVLSegConfig, TextConfig } from '../config.js';
import { AlignmentProjections } from './alignment-projections.js';
import { ClassEmbeddingHead } from './class-embedding-head.js';
import { configuredBackbone } from './configured-backbone.js';
import { FrozenStates, type FrozenStore, type StreamTokens } from './frozen-states.js';

/** What only training needs, and only with alignment. */
class AlignmentParts extends Module {
  readonly classHead: ClassEmbeddingHead;
  readonly projections: AlignmentProjections;
  /** s_i = log sigma_i^2 of the three losses (Kendall et al. 2018). */
  readonly logVariances: tf.Variable = parameter(tf.zeros([3]));

  constructor(config: BiPVLSegConfig, width: number, backbone: SegmentationNetwork, random: RandomStream) {
    super();
    const { bottleneckChannels } = backbone.encoder;
    const places = backbone.encoder
      .bottleneckExtent(config.image.patch)
      .reduce((product, side) => product * side, 1);
    this.classHead = new ClassEmbeddingHead(
      bottleneckChannels,
      config.labels.length + 1,
      random.at('classHead'),
    );
    this.projections = new AlignmentProjections(places, config.text.width, width, random.at('projections'));
  }
}

/** The texts that are fused, and the concepts that are aligned. */
type Stream = 'sentences' | 'concepts';

/** Vision, text and what joins them, in lock-step: text stage n, fusion n, vision stage n + 1 (arXiv 2503.23534, section 3). */
export class BiPVLSegNetwork extends Module {
  readonly backbone: SegmentationNetwork;
  readonly textEncoder: TextEncoder;
  /** One a site; undefined where the two pass each other by. */
  readonly fusions: readonly (Fusion | undefined)[];
  readonly alignment: AlignmentParts | undefined;
  readonly #frozen: FrozenStates | undefined;

  /** @throws NetworkError `stages-and-sites` when the text has not one stage a fusion site. */
  constructor(config: BiPVLSegConfig, vocabulary: number, random: RandomStream) {
    super();
    this.backbone = configuredBackbone(config, random.at('backbone'));
    const { sites } = this.backbone.encoder;
    if (config.fusion.mode !== 'none' && sites.length !== config.text.stages.length)
      throw uneven(config, sites.length);
    this.textEncoder = createTextEncoder(config.text, vocabulary, random.at('textEncoder'));
    this.#frozen = config.text.frozen ? new FrozenStates(this.textEncoder) : undefined;
    this.fusions = sites.map((site, n) =>
      fusionAt(config, site, n === sites.length - 1, random.at('fusions', n)),
    );
    this.alignment = config.alignment
      ? new AlignmentParts(config, config.alignment.width, this.backbone, random.at('alignment'))
      : undefined;
  }

  /** The fused stream before any image: sentences [N, L] embedded and through stage 0. */
  readSentences(ids: tf.Tensor, mask: tf.Tensor, context: Context): TextState {
    return this.#read('sentences', [ids, mask], context);
  }

  /** The concept stream, never fused: concepts [N * K, L] to their class tokens [N * K, H]. */
  readConcepts(ids: tf.Tensor, mask: tf.Tensor, context: Context): tf.Tensor2D {
    return tf.tidy(() => classTokens(this.#read('concepts', [ids, mask], context)));
  }

  /** Has the states of a frozen encoder ready, from the store or for it; does nothing where the encoder learns. */
  async rememberTexts(sentences: StreamTokens, concepts: StreamTokens, store: FrozenStore): Promise<void> {
    const remember = (stream: Stream, tokens: StreamTokens) =>
      this.#frozen?.remember(stream, tokens, this.#reading(stream, tokens, evaluation()), store);
    await remember('sentences', sentences);
    if (this.alignment) await remember('concepts', concepts);
  }

  override dispose(): void {
    super.dispose();
    this.#frozen?.dispose();
  }

  #read(stream: Stream, tokens: StreamTokens, context: Context): TextState {
    const compute = this.#reading(stream, tokens, context);
    return this.#frozen ? this.#frozen.recall(stream, tokens, compute) : compute();
  }

  /** Texts [M, L] embedded and through the first stage, concepts through all: what does not depend on an image. */
  #reading(stream: Stream, tokens: StreamTokens, context: Context): () => TextState {
    const at = this.#textContext(stream, context);
    const stages = stream === 'sentences' ? 1 : this.textEncoder.stages;
    return () =>
      tf.tidy(() => {
        let state = this.textEncoder.embed(...tokens, at);
        for (let n = 0; n < stages; n++) state = this.textEncoder.stage(n, state, at);
        return state;
      });
  }

  /** A frozen encoder drops nothing: its states are the same at every step. */
  #textContext(stream: Stream, context: Context): Context {
    return this.#frozen ? evaluation() : within(context, stream);
  }

  /** Image [B, D, H, W, C] and sentences after stage 0 [N, L, H] to the prediction, the bottleneck and the fused text [B * N, L, H]. */
  segment(
    image: tf.Tensor5D,
    sentences: TextState,
    context: Context,
  ): { prediction: Prediction; bottleneck: tf.Tensor; text: TextState } {
    return tf.tidy(() => {
      const start = repeatForImages(sentences, image.shape[0]);
      const { pyramid, state } = this.backbone.encoder.encode(image, context, start, this.#meet(context));
      return {
        prediction: this.backbone.finish(pyramid, context),
        bottleneck: pyramid.bottleneck,
        text: state,
      };
    });
  }

  /** Stage 0 of the text does not depend on the image and has run already. */
  #meet(context: Context): Meet<TextState> {
    return (n, vision, text) => {
      const advanced =
        n === 0 ? text : this.textEncoder.stage(n, text, this.#textContext('sentences', context));
      const met = this.fusions[n]?.forward(vision, advanced, within(context, 'fusion', n));
      return met ? { features: met.vision, state: met.text } : { features: vision, state: advanced };
    };
  }
}

function createTextEncoder(config: TextConfig, vocabulary: number, random: RandomStream): TextEncoder {
  if (config.encoder === 'sentences') {
    return new SentenceTable(
      { texts: vocabulary, width: config.width, stages: config.stages.length },
      random,
    );
  }
  const encoder = new Bert({ ...config, vocabulary: config.vocabulary ?? vocabulary }, random);
  if (config.frozen) freeze(encoder);
  return encoder;
}

function fusionAt(
  config: BiPVLSegConfig,
  site: FusionSite,
  isLast: boolean,
  random: RandomStream,
): Fusion | undefined {
  const { name, mode, ...options } = config.fusion;
  if (mode === 'none' || (mode === 'late' && !isLast)) return undefined;
  // Nothing reads the text after the last fusion, so it learns no way back to the text's width.
  return createFusion(
    name,
    { ...options, channels: site.channels, textWidth: config.text.width, returnsText: !isLast },
    random,
  );
}

/** Tokens [N, L, H] of N classes to [B * N, L, H], image by image. */
function repeatForImages({ tokens, mask }: TextState, batch: number): TextState {
  return { tokens: tf.tile(tokens, [batch, 1, 1]), mask: tf.tile(mask, [batch, 1]) };
}

function uneven(config: BiPVLSegConfig, sites: number): NetworkError {
  const stages = config.text.stages.length;
  return new NetworkError(
    'stages-and-sites',
    `backbone '${config.backbone.name}' has ${sites} fusion sites, text.stages [${config.text.stages}] has ${stages}`,
    { hint: `divide the text encoder's ${config.text.layers} layers in ${sites} stages` },
  );
}
