import { type Context, dotProductAttention, Module, mergeHeads, splitHeads } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { ChannelScale } from './channel-scale.js';
import { checkHeads } from './check-heads.js';
import type { CrossAttentionOptions } from './cross-attention-half.js';

/**
 * Positions look at each other by the channels of all scales, and take the values of one scale: softmax(Q K^T / sqrt(all / heads)) V (Ates et
 * al. 2023, spatial cross-attention). Holds B * heads * P^2 scores.
 */
export class SpatialCrossAttention extends Module {
  readonly query: ChannelScale;
  readonly key: ChannelScale;
  readonly value: ChannelScale;
  readonly output: ChannelScale;
  readonly #options: CrossAttentionOptions;

  /** @throws NetworkError `heads-do-not-divide`. */
  constructor(options: CrossAttentionOptions) {
    super();
    const { own, all, heads } = options;
    checkHeads('spatialHeads', heads, [own, all]);
    this.query = new ChannelScale(all);
    this.key = new ChannelScale(all);
    this.value = new ChannelScale(own);
    this.output = new ChannelScale(own);
    this.#options = options;
  }

  /** Tokens of the scale [B, P, own] and of all [B, P, all] to [B, P, own]. */
  forward(own: tf.Tensor3D, all: tf.Tensor3D, context: Context): tf.Tensor3D {
    const { heads, all: width, dropout } = this.#options;
    return tf.tidy(() => {
      const attended = dotProductAttention(
        splitHeads(this.query.forward(all), heads),
        splitHeads(this.key.forward(all), heads),
        splitHeads(this.value.forward(own), heads),
        context,
        { scale: 1 / Math.sqrt(width / heads), dropout },
      );
      return this.output.forward(mergeHeads(attended));
    });
  }
}
