import { Convolution, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface SemanticMapOptions {
  readonly channels: number;
  /** Tokens M of the map. */
  readonly tokens: number;
}

/**
 * Sums up features in a few tokens (Gao et al. 2022): m_j is the sum over the voxels v of a_vj f_v, where f = conv(x) and a_j = softmax
 * over the voxels of conv(x), both of 3x3x3 without bias. [N, D, H, W, C] to [N, M, 1, 1, C].
 */
export class SemanticMap extends Module {
  readonly values: Convolution;
  readonly weights: Convolution;
  readonly #tokens: number;

  constructor({ channels, tokens }: SemanticMapOptions, random: RandomStream) {
    super();
    const options = { inputChannels: channels, kernel: 3, bias: false };
    this.values = new Convolution({ ...options, outputChannels: channels }, random.at('values'));
    this.weights = new Convolution({ ...options, outputChannels: tokens }, random.at('weights'));
    this.#tokens = tokens;
  }

  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const [batch, , , , channels] = x.shape;
      const values = tf.reshape(this.values.forward(x), [batch, -1, channels]);
      const scores = tf.reshape(this.weights.forward(x), [batch, -1, this.#tokens]);
      const weights = tf.softmax(tf.transpose(scores, [0, 2, 1]));
      return tf.reshape(tf.matMul(weights, values), [batch, this.#tokens, 1, 1, channels]);
    });
  }
}
