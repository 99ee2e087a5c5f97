import { type Context, LayerNorm, Module, within } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface CrossAttentionOptions {
  /** Channels of the scale. */
  readonly own: number;
  /** Channels of all scales together. */
  readonly all: number;
  /** Divides both. */
  readonly heads: number;
  /** Dropout of the attention probabilities in training. */
  readonly dropout: number;
}

/** Tokens of a scale and of all scales to what is added to the former: [B, P, own] and [B, P, all] to [B, P, own]. */
export interface CrossAttention extends Module {
  forward(own: tf.Tensor3D, all: tf.Tensor3D, context: Context): tf.Tensor3D;
}

/** Adds to the tokens of every scale what it takes from all of them, all scales at once (Ates et al. 2023). */
export class CrossAttentionHalf extends Module {
  readonly normalisations: LayerNorm[];
  readonly attentions: CrossAttention[];

  /** One attention a scale of these channels. */
  constructor(channels: readonly number[], attentions: CrossAttention[]) {
    super();
    this.normalisations = channels.map((width) => new LayerNorm({ channels: width, epsilon: 1e-6 }));
    this.attentions = attentions;
  }

  /** [B, P, C] of each scale to the same. */
  mix(tokens: readonly tf.Tensor3D[], context: Context): tf.Tensor3D[] {
    return tf.tidy(() => {
      const normalised = tokens.map((own, scale) => this.#normalise(own, scale));
      const all = tf.concat(normalised, 2);
      return tokens.map((own, scale) => {
        const attention = this.attentions[scale] as CrossAttention;
        const taken = attention.forward(normalised[scale] as tf.Tensor3D, all, within(context, scale));
        return tf.add(own, taken) as tf.Tensor3D;
      });
    });
  }

  #normalise(own: tf.Tensor3D, scale: number): tf.Tensor3D {
    return (this.normalisations[scale] as LayerNorm).forward(own) as tf.Tensor3D;
  }
}
