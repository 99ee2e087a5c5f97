import {
  Attention,
  type Context,
  dropout,
  LayerNorm,
  Mlp,
  Module,
  type RandomStream,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface BertLayerOptions {
  readonly width: number;
  readonly heads: number;
  readonly intermediate: number;
  /** Of hidden states and attention probabilities, in training. */
  readonly dropout: number;
}

/** BERT's layer, normalised after each residual (Devlin et al. 2019): x = LN(x + SA(x)); x = LN(x + MLP(x)). [M, L, H] to [M, L, H]. */
export class BertLayer extends Module {
  readonly attention: Attention;
  readonly attentionNorm: LayerNorm;
  readonly mlp: Mlp;
  readonly mlpNorm: LayerNorm;
  readonly #dropout: number;

  constructor({ width, heads, intermediate, dropout: rate }: BertLayerOptions, random: RandomStream) {
    super();
    this.attention = new Attention({ width, heads, dropout: rate }, random.at('attention'));
    this.attentionNorm = new LayerNorm({ channels: width, epsilon: 1e-12 });
    this.mlp = new Mlp({ width, hidden: intermediate, activation: 'gelu' }, random.at('mlp'));
    this.mlpNorm = new LayerNorm({ channels: width, epsilon: 1e-12 });
    this.#dropout = rate;
  }

  /** `bias` [M, 1, 1, L] hides padding. */
  forward(tokens: tf.Tensor3D, bias: tf.Tensor, context: Context): tf.Tensor3D {
    return tf.tidy(() => {
      const attended = this.attention.forward(tokens, tokens, within(context, 'attention'), bias);
      const x = this.attentionNorm.forward(
        tf.add(tokens, dropout(attended, this.#dropout, within(context, 'attended'))),
      );
      const y = dropout(this.mlp.forward(x), this.#dropout, within(context, 'mlp'));
      return this.mlpNorm.forward(tf.add(x, y)) as tf.Tensor3D;
    });
  }
}
