import { type Context, Module, within } from '@bipvl/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { ChannelCrossAttention } from './channel-cross-attention.js';
import { CrossAttentionHalf, type CrossAttentionOptions } from './cross-attention-half.js';
import { SpatialCrossAttention } from './spatial-cross-attention.js';

export interface DualAttentionOptions {
  /** Of each scale. */
  readonly channels: readonly number[];
  /** Heads of each scale. */
  readonly channelHeads: readonly number[];
  readonly spatialHeads: readonly number[];
  readonly attention: 'both' | 'channel' | 'spatial';
  readonly dropout: number;
}

/** Attention among the channels of all scales, then among positions (Ates et al. 2023), or one of the two. */
export class DualAttentionBlock extends Module {
  readonly channel: CrossAttentionHalf | undefined;
  readonly spatial: CrossAttentionHalf | undefined;

  /** @throws NetworkError `heads-do-not-divide`. */
  constructor({ channels, channelHeads, spatialHeads, attention, dropout }: DualAttentionOptions) {
    super();
    const all = channels.reduce((total, width) => total + width, 0);
    const perScale = (heads: readonly number[]): CrossAttentionOptions[] =>
      channels.map((own, scale) => ({ own, all, heads: heads[scale] as number, dropout }));
    const half = (attentions: CrossAttentionHalf['attentions']) =>
      new CrossAttentionHalf(channels, attentions);
    this.channel =
      attention === 'spatial'
        ? undefined
        : half(perScale(channelHeads).map((options) => new ChannelCrossAttention(options)));
    this.spatial =
      attention === 'channel'
        ? undefined
        : half(perScale(spatialHeads).map((options) => new SpatialCrossAttention(options)));
  }

  /** Tokens [B, P, C] of each scale to the same. */
  mix(tokens: tf.Tensor3D[], context: Context): tf.Tensor3D[] {
    const mixed = this.channel ? this.channel.mix(tokens, within(context, 'channel')) : tokens;
    return this.spatial ? this.spatial.mix(mixed, within(context, 'spatial')) : mixed;
  }
}
