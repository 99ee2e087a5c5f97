import {
  type Context,
  dropout,
  Embedding,
  LayerNorm,
  Module,
  type RandomStream,
  type TextState,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { BertLayer } from './bert-layer.js';
import { noSuchStage, type StageDivision, stageBounds } from './stage-division.js';
import type { TextEncoder } from './text-encoder.js';

export interface BertOptions {
  readonly vocabulary: number;
  /** Width H of a token. Default 768. */
  readonly width?: number;
  /** Default 12. */
  readonly layers?: number;
  /** Default 12. */
  readonly heads?: number;
  /** Hidden width of the MLPs. Default 4 times the width. */
  readonly intermediate?: number;
  /** Longest text in tokens. Default 512. */
  readonly positions?: number;
  /** Default 0.1. */
  readonly dropout?: number;
  /** Layers of each stage. Default [6, 2, 2, 2]. */
  readonly stages?: StageDivision;
}

/** Added to the scores of padding; far below any score, and finite, so that a text of nothing but padding gives no NaN. */
const hidden = -1e9;

/** BERT (Devlin et al. 2019) divided in stages, without pooler and language-model head. */
export class Bert extends Module implements TextEncoder {
  readonly words: Embedding;
  readonly positions: Embedding;
  readonly types: Embedding;
  readonly norm: LayerNorm;
  readonly layers: BertLayer[];
  readonly width: number;
  readonly #dropout: number;
  readonly #bounds: readonly number[];

  /** @throws NetworkError `stage-division` when the stages do not hold every layer once. */
  constructor(options: BertOptions, random: RandomStream) {
    super();
    const {
      vocabulary,
      width = 768,
      layers = 12,
      heads = 12,
      positions = 512,
      dropout: rate = 0.1,
      stages = [6, 2, 2, 2],
    } = options;
    const intermediate = options.intermediate ?? 4 * width;
    this.#bounds = stageBounds(stages, layers);
    this.words = new Embedding({ entries: vocabulary, width }, random.at('words'));
    this.positions = new Embedding({ entries: positions, width }, random.at('positions'));
    this.types = new Embedding({ entries: 2, width }, random.at('types'));
    this.norm = new LayerNorm({ channels: width, epsilon: 1e-12 });
    this.layers = Array.from(
      { length: layers },
      (_, i) => new BertLayer({ width, heads, intermediate, dropout: rate }, random.at('layers', i)),
    );
    this.width = width;
    this.#dropout = rate;
  }

  get stages(): number {
    return this.#bounds.length - 1;
  }

  /** Ids and mask [M, L] to tokens [M, L, H]; `types` [M, L] are segment ids, all 0 by default. */
  embed(ids: tf.Tensor, mask: tf.Tensor, context: Context, types?: tf.Tensor): TextState {
    return tf.tidy(() => {
      const [texts, length] = ids.shape as [number, number];
      const places = tf.tile(tf.expandDims(tf.range(0, length, 1, 'int32'), 0), [texts, 1]);
      const sum = tf.addN([
        this.words.forward(ids),
        this.positions.forward(places),
        this.types.forward(types ?? tf.zerosLike(ids)),
      ]);
      const tokens = dropout(this.norm.forward(sum), this.#dropout, within(context, 'embedding'));
      return { tokens, mask: tf.cast(mask, 'float32') };
    });
  }

  stage(n: number, { tokens, mask }: TextState, context: Context): TextState {
    const [first, end] = [this.#bounds[n], this.#bounds[n + 1]];
    if (first === undefined || end === undefined) throw noSuchStage(n, this.stages);
    return tf.tidy(() => {
      const bias = tf.mul(
        tf.sub(1, tf.reshape(mask, [mask.shape[0], 1, 1, mask.shape[1] as number])),
        hidden,
      );
      const advanced = this.layers
        .slice(first, end)
        .reduce(
          (x, layer, i) => layer.forward(x, bias, within(context, 'layer', first + i)),
          tokens as tf.Tensor3D,
        );
      return { tokens: advanced, mask: tf.clone(mask) };
    });
  }

  /** All stages in a row. */
  encode(ids: tf.Tensor, mask: tf.Tensor, context: Context): TextState {
    return tf.tidy(() => {
      let state = this.embed(ids, mask, context);
      for (let n = 0; n < this.stages; n++) state = this.stage(n, state, context);
      return state;
    });
  }
}
