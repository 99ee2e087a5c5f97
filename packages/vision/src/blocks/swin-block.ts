import {
  type Context,
  type Dimensions,
  dropPath,
  LayerNorm,
  Mlp,
  Module,
  type PositionStrides,
  type RandomStream,
  RelativePositionBias,
  rearrangeRows,
  SelfAttention,
  type Sides,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { WindowLayout } from './window-layout.js';

export interface SwinBlockOptions {
  readonly width: number;
  readonly heads: number;
  /** Sides of a window, two in images and three in volumes. */
  readonly window: Sides;
  /** Of the table of position biases. Default a row for each difference of positions. */
  readonly positionStrides?: PositionStrides | undefined;
  /** Hidden width of the MLP over `width`. */
  readonly mlpRatio: number;
  readonly qkvBias: boolean;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly dropPath: number;
}

/** Window attention and an MLP, each after a layer norm and beside an identity (Liu et al. 2021, equation 3). */
export class SwinBlock extends Module {
  readonly attentionNormalisation: LayerNorm;
  readonly positionBias: RelativePositionBias<Dimensions>;
  readonly attention: SelfAttention;
  readonly mlpNormalisation: LayerNorm;
  readonly mlp: Mlp;
  readonly #dropPath: number;

  constructor(options: SwinBlockOptions, random: RandomStream) {
    super();
    const { width, heads, window, positionStrides: strides, dropout, attentionDropout } = options;
    this.attentionNormalisation = new LayerNorm({ channels: width });
    this.positionBias = new RelativePositionBias<Dimensions>(
      { window, heads, strides, dimensions: window.length },
      random.at('positionBias'),
    );
    this.attention = new SelfAttention(
      { width, heads, bias: options.qkvBias, attentionDropout, dropout },
      random.at('attention'),
    );
    this.mlpNormalisation = new LayerNorm({ channels: width });
    const hidden = Math.floor(width * options.mlpRatio);
    this.mlp = new Mlp({ width, hidden, activation: 'gelu', dropout }, random.at('mlp'));
    this.#dropPath = options.dropPath;
  }

  /** x [N, T, width], the tokens of a grid that `layout` cuts into windows. */
  forward(x: tf.Tensor3D, layout: WindowLayout, context: Context): tf.Tensor3D {
    return tf.tidy(() => {
      const attended = this.#attend(x, layout, within(context, 'attention'));
      const y = tf.add(x, dropPath(attended, this.#dropPath, within(context, 'attentionPath')));
      const mixed = tf.tidy(() => this.mlp.forward(this.mlpNormalisation.forward(y), within(context, 'mlp')));
      return tf.add(y, dropPath(mixed, this.#dropPath, within(context, 'mlpPath')));
    });
  }

  #attend(x: tf.Tensor3D, { split, join, tokens, regions }: WindowLayout, context: Context): tf.Tensor3D {
    return tf.tidy(() => {
      const [batch, , width] = x.shape;
      // Zeros come in after the normalisation: a window sees them as tokens of their own.
      const windows = rearrangeRows(this.attentionNormalisation.forward(x) as tf.Tensor3D, split);
      const rows = tf.reshape(windows, [-1, tokens, width]) as tf.Tensor3D;
      const bias = this.positionBias.forward(tokens);
      const attended = this.attention.forward(rows, context, { bias, regions });
      return rearrangeRows(tf.reshape(attended, [batch, -1, width]), join);
    });
  }
}
