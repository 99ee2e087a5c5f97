import {
  type Context,
  type Dimensions,
  dropPath,
  LayerNorm,
  Linear,
  Mlp,
  Module,
  packedAttention,
  type RandomStream,
  RelativePositionBias,
  rearrangeRows,
  within,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { SwinBlockOptions } from './swin-block.js';
import type { WindowLayout } from './window-layout.js';

export type NnFormerCrossBlockOptions = Pick<
  SwinBlockOptions,
  'width' | 'heads' | 'window' | 'positionStrides' | 'mlpRatio' | 'dropPath'
>;

/**
 * The skip attention of nnFormer (Zhou et al. 2021, arXiv 2109.03201): the features from below are the queries as they are, the skip gives keys
 * and values, within windows at rest; then an MLP. Both add to the sum of features and skip.
 */
export class NnFormerCrossBlock extends Module {
  /** Of the features and of the skip. */
  readonly attentionNormalisation: LayerNorm;
  readonly positionBias: RelativePositionBias<Dimensions>;
  readonly keysAndValues: Linear;
  readonly output: Linear;
  readonly mlpNormalisation: LayerNorm;
  readonly mlp: Mlp;
  readonly #heads: number;
  readonly #dropPath: number;

  constructor(options: NnFormerCrossBlockOptions, random: RandomStream) {
    super();
    const { width, heads, window, positionStrides: strides, mlpRatio } = options;
    this.attentionNormalisation = new LayerNorm({ channels: width });
    this.positionBias = new RelativePositionBias<Dimensions>(
      { window, heads, strides, dimensions: window.length },
      random.at('positionBias'),
    );
    this.keysAndValues = new Linear({ inputs: width, outputs: 2 * width }, random.at('keysAndValues'));
    this.output = new Linear({ inputs: width, outputs: width }, random.at('output'));
    this.mlpNormalisation = new LayerNorm({ channels: width });
    this.mlp = new Mlp({ width, hidden: width * mlpRatio, activation: 'gelu' }, random.at('mlp'));
    this.#heads = heads;
    this.#dropPath = options.dropPath;
  }

  /** x and skip [N, T, width], the tokens of a grid that `layout` cuts into windows; the result is of the same shape. */
  forward(x: tf.Tensor3D, skip: tf.Tensor3D, layout: WindowLayout, context: Context): tf.Tensor3D {
    return tf.tidy(() => {
      const attended = this.#attend(x, skip, layout);
      const sum = tf.add(x, skip);
      const y = tf.add(sum, dropPath(attended, this.#dropPath, within(context, 'attentionPath')));
      const mixed = tf.tidy(() => this.mlp.forward(this.mlpNormalisation.forward(y)));
      return tf.add(y, dropPath(mixed, this.#dropPath, within(context, 'mlpPath')));
    });
  }

  #attend(x: tf.Tensor3D, skip: tf.Tensor3D, { split, join, tokens }: WindowLayout): tf.Tensor3D {
    return tf.tidy(() => {
      const [batch, , width] = x.shape;
      const windows = (features: tf.Tensor3D) =>
        rearrangeRows(this.attentionNormalisation.forward(features) as tf.Tensor3D, split);
      const packed = tf.concat([windows(x), this.keysAndValues.forward(windows(skip)) as tf.Tensor3D], 2);
      const rows = tf.reshape(packed, [-1, tokens, 3 * width]) as tf.Tensor3D;
      const attended = packedAttention(rows, this.#heads, { bias: this.positionBias.forward(tokens) });
      return rearrangeRows(tf.reshape(this.output.forward(attended), [batch, -1, width]), join);
    });
  }
}
