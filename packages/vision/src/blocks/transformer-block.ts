import { type Context, LayerNorm, Mlp, Module, type RandomStream, SelfAttention, within } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface TransformerBlockOptions {
  readonly width: number;
  readonly heads: number;
  /** Hidden width of the MLP. */
  readonly mlpWidth: number;
  readonly qkvBias: boolean;
  /** Of attention probabilities, results and the MLP. */
  readonly dropout: number;
  /** Keeps a normalisation that takes no part. */
  readonly idleNormalisation: boolean;
}

/** Attention of all tokens and an MLP, each after a layer norm and beside an identity (Dosovitskiy et al. 2021): [N, T, width] to the same. */
export class TransformerBlock extends Module {
  readonly attentionNormalisation: LayerNorm;
  readonly attention: SelfAttention;
  readonly mlpNormalisation: LayerNorm;
  readonly mlp: Mlp;
  /** MONAI keeps one for cross-attention in every block and runs it in none of UNETR's: there for the checkpoint's sake, and not trained. */
  readonly idleNormalisation: LayerNorm | undefined;

  constructor(options: TransformerBlockOptions, random: RandomStream) {
    super();
    const { width, heads, mlpWidth, qkvBias, dropout } = options;
    this.attentionNormalisation = new LayerNorm({ channels: width });
    this.attention = new SelfAttention(
      { width, heads, bias: qkvBias, attentionDropout: dropout, dropout },
      random.at('attention'),
    );
    this.mlpNormalisation = new LayerNorm({ channels: width });
    this.mlp = new Mlp({ width, hidden: mlpWidth, activation: 'gelu', dropout }, random.at('mlp'));
    this.idleNormalisation = options.idleNormalisation ? new LayerNorm({ channels: width }) : undefined;
    for (const variable of this.idleNormalisation?.state().values() ?? []) variable.trainable = false;
  }

  forward(x: tf.Tensor3D, context: Context): tf.Tensor3D {
    return tf.tidy(() => {
      const normalised = this.attentionNormalisation.forward(x) as tf.Tensor3D;
      const y = tf.add(x, this.attention.forward(normalised, within(context, 'attention')));
      return tf.add(y, this.mlp.forward(this.mlpNormalisation.forward(y), within(context, 'mlp')));
    });
  }
}
