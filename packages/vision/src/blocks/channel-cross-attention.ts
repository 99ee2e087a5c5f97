import { type Context, dotProductAttention, Module, mergeHeads, splitHeads } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { ChannelScale } from './channel-scale.js';
import { checkHeads } from './check-heads.js';
import type { CrossAttentionOptions } from './cross-attention-half.js';

/**
 * A scale's channels look at the channels of all scales; the values over all positions are what a channel is known by:
 * softmax(Q^T K / sqrt(all)) V^T (Ates et al. 2023, channel cross-attention).
 */
export class ChannelCrossAttention extends Module {
  readonly query: ChannelScale;
  readonly key: ChannelScale;
  readonly value: ChannelScale;
  readonly output: ChannelScale;
  readonly #options: CrossAttentionOptions;

  /** @throws NetworkError `heads-do-not-divide`. */
  constructor(options: CrossAttentionOptions) {
    super();
    const { own, all, heads } = options;
    checkHeads('channelHeads', heads, [own, all]);
    this.query = new ChannelScale(own);
    this.key = new ChannelScale(all);
    this.value = new ChannelScale(all);
    this.output = new ChannelScale(own);
    this.#options = options;
  }

  /** Tokens of the scale [B, P, own] and of all [B, P, all] to [B, P, own]. */
  forward(own: tf.Tensor3D, all: tf.Tensor3D, context: Context): tf.Tensor3D {
    const { heads, all: width, dropout } = this.#options;
    return tf.tidy(() => {
      const attended = dotProductAttention(
        turned(splitHeads(this.query.forward(own), heads)),
        turned(splitHeads(this.key.forward(all), heads)),
        turned(splitHeads(this.value.forward(all), heads)),
        context,
        { scale: 1 / Math.sqrt(width), dropout },
      );
      return this.output.forward(mergeHeads(turned(attended)));
    });
  }
}

/** Channels as tokens, and back. */
function turned(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [0, 1, 3, 2]);
}
