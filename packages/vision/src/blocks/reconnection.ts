import { type Context, gelu, LayerNorm, Module, type RandomStream, resize, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Normalisation } from './normalised-convolution.js';
import { PointwiseConvolution } from './pointwise-convolution.js';
import { RectifiedNormalisation } from './rectified-normalisation.js';

export interface ReconnectionOptions {
  readonly channels: number;
  readonly normalisation: Normalisation | 'none';
  /** Layer norm and GELU of the tokens before all else. */
  readonly postNormalisation: boolean;
}

/** Adds a scale's tokens, enlarged to the sides of its skip, to the skip: ReLU(norm(conv1x1(up(tokens)) + skip)) (Ates et al. 2023). */
export class Reconnection extends Module {
  readonly postNormalisation: LayerNorm | undefined;
  readonly projection: PointwiseConvolution;
  readonly output: RectifiedNormalisation;

  /** @throws NetworkError `groups-do-not-divide`. */
  constructor({ channels, normalisation, postNormalisation }: ReconnectionOptions, random: RandomStream) {
    super();
    this.postNormalisation = postNormalisation ? new LayerNorm({ channels, epsilon: 1e-6 }) : undefined;
    this.projection = new PointwiseConvolution(channels, random.at('projection'));
    this.output = new RectifiedNormalisation(channels, normalisation);
  }

  /** Tokens on their grid [N, d, h, w, C], and the skip [N, D, H, W, C]. */
  forward(tokens: tf.Tensor5D, skip: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const refined = this.postNormalisation ? gelu(this.postNormalisation.forward(tokens)) : tokens;
      // The published code convolves what it has enlarged; the weights of an interpolation sum to one, so that the order does not matter, and the
      // grid has fewer positions.
      const projected = this.projection.forward(refined as tf.Tensor5D);
      const sides = skip.shape.slice(1, 4) as unknown as Triple;
      return this.output.forward(tf.add(resize(projected, sides, 'trilinear-corners'), skip), context);
    });
  }
}
