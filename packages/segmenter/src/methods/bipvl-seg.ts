import { alignmentLosses, classEmbeddingLoss, pseudoLabels, uncertaintyWeighted } from '@bipvl/losses';
import {
  type Context,
  evaluation,
  type Module,
  NetworkError,
  type RandomStream,
  randomNormal,
  type TextState,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { AlignmentConfig, BiPVLSegConfig } from '../config.js';
import type { Batch, Losses, Predictor, Segmenter } from '../segmenter.js';
import type { TextInputs, TokenBatch } from '../text/text-inputs.js';
import { BiPVLSegNetwork } from './bipvl-seg-network.js';
import type { FrozenStore } from './frozen-states.js';
import { supervisedLoss } from './supervised-loss.js';

/** BiPVL-Seg (arXiv 2503.23534): segmentation, class embedding and alignment, trained together from the first step. */
export class BiPVLSeg implements Segmenter {
  readonly config: BiPVLSegConfig;
  readonly texts: TextInputs;
  readonly lossNames: readonly string[];
  readonly #network: BiPVLSegNetwork;

  /**
   * @param vocabulary entries of the tokenizer that made `texts`.
   * @throws NetworkError `stages-and-sites` when the text has not one stage a fusion site.
   */
  constructor(config: BiPVLSegConfig, texts: TextInputs, vocabulary: number, random: RandomStream) {
    this.config = config;
    this.texts = texts;
    this.lossNames = config.alignment
      ? ['segmentation', 'classEmbedding', 'globalAlignment', 'localAlignment']
      : ['segmentation'];
    this.#network = new BiPVLSegNetwork(config, vocabulary, random);
  }

  /** The part whose weights may be published ones. */
  get textEncoder(): Module {
    return this.#network.textEncoder;
  }

  /** Has the states of a frozen text encoder ready, from the store or for it; does nothing where the encoder learns. */
  async rememberTexts(store: FrozenStore): Promise<void> {
    const [sentences, concepts] = [tokens(this.texts.sentences), tokens(this.texts.concepts)];
    try {
      await this.#network.rememberTexts(sentences, concepts, store);
    } finally {
      tf.dispose([...sentences, ...concepts]);
    }
  }

  get network(): Module {
    return this.#network;
  }

  losses({ image, labels }: Batch, context: Context): Losses {
    return tf.tidy(() => {
      const sentences = this.#network.readSentences(...tokens(this.texts.sentences), context);
      const { prediction, bottleneck } = this.#network.segment(image, sentences, context);
      const logits = prediction.logits as tf.Tensor5D;
      const segmentation = supervisedLoss(prediction, labels);
      const { alignment } = this.config;
      if (!alignment) return { total: segmentation, parts: { segmentation: tf.clone(segmentation) } };
      return this.#withAlignment(segmentation, logits, bottleneck, alignment, context);
    });
  }

  openPredictor(texts: TextInputs = this.texts): Predictor {
    if (texts.sentences.ids.length !== this.config.labels.length) throw wrongTexts(texts, this.config);
    const sentences = tf.tidy(() => this.#network.readSentences(...tokens(texts.sentences), evaluation()));
    return {
      predict: (image) => this.#predict(image, sentences),
      dispose: () => tf.dispose(sentences),
    };
  }

  #predict(image: tf.Tensor5D, sentences: TextState): tf.Tensor5D {
    return tf.tidy(
      () => this.#network.segment(image, sentences, evaluation()).prediction.logits as tf.Tensor5D,
    );
  }

  /** L_seg, L_ClassEmbed and L_align = global + local, weighted by their learned uncertainty (Kendall et al. 2018). */
  #withAlignment(
    segmentation: tf.Scalar,
    logits: tf.Tensor5D,
    bottleneck: tf.Tensor,
    config: AlignmentConfig,
    context: Context,
  ): Losses {
    const parts = this.#network.alignment as NonNullable<BiPVLSegNetwork['alignment']>;
    const classLogits = parts.classHead.forward(bottleneck);
    const pseudo = pseudoLabels(logits, bottleneck.shape.slice(1, 4) as [number, number, number]);
    const classEmbedding = classEmbeddingLoss(classLogits, pseudo);
    const { global, local } = alignmentLosses({
      visionVectors: parts.projections.projectClasses(classLogits),
      conceptVectors: parts.projections.projectConcepts(this.#readConcepts(context)),
      duplicates: this.texts.duplicates,
      temperature: config.temperature,
      hardNegatives: config.hardNegatives,
      noise: noiseOf(config, context),
    });
    const alignment = tf.add(tf.mul(global, config.global), tf.mul(local, config.local)) as tf.Scalar;
    const total = uncertaintyWeighted([segmentation, classEmbedding, alignment], parts.logVariances);
    return {
      total,
      parts: {
        segmentation: tf.clone(segmentation),
        classEmbedding,
        globalAlignment: global,
        localAlignment: local,
      },
    };
  }

  /** [N, K, H]. */
  #readConcepts(context: Context): tf.Tensor3D {
    const vectors = this.#network.readConcepts(...tokens(this.texts.concepts), context);
    return tf.reshape(vectors, [this.config.labels.length, -1, this.config.text.width]) as tf.Tensor3D;
  }
}

function tokens({ ids, mask }: TokenBatch): [tf.Tensor2D, tf.Tensor2D] {
  const matrix = (rows: readonly (readonly number[])[]) =>
    tf.tensor2d(rows as number[][], undefined, 'int32');
  return [matrix(ids), matrix(mask)];
}

/** Noise on the projected vectors, in training only. */
function noiseOf(
  config: AlignmentConfig,
  context: Context,
): { stddev: number; draw: (shape: number[], name: string) => tf.Tensor } | undefined {
  if (!context.training || config.noise === 0) return undefined;
  return {
    stddev: config.noise,
    draw: (shape, name) => randomNormal(shape, within(context, 'alignment', name).random),
  };
}

function wrongTexts(texts: TextInputs, config: BiPVLSegConfig): NetworkError {
  return new NetworkError(
    'wrong-texts',
    `the segmenter has ${config.labels.length} classes, the texts describe ${texts.sentences.ids.length}`,
    { hint: 'give one sentence and the same number of concepts for each label, in the order of the labels' },
  );
}
