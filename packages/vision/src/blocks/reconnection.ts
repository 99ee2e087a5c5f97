import {
  type Context,
  Convolution,
  gelu,
  LayerNorm,
  Module,
  type RandomStream,
  resize,
  type Triple,
} from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Normalisation } from './normalised-convolution.js';
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
  /** Two-dimensional for volumes too, as published. */
  readonly projection: Convolution<2>;
  readonly output: RectifiedNormalisation;

  /** @throws NetworkError `groups-do-not-divide`. */
  constructor({ channels, normalisation, postNormalisation }: ReconnectionOptions, random: RandomStream) {
    super();
    this.postNormalisation = postNormalisation ? new LayerNorm({ channels, epsilon: 1e-6 }) : undefined;
    const pointwise = {
      inputChannels: channels,
      outputChannels: channels,
      kernel: 1,
      dimensions: 2,
    } as const;
    this.projection = new Convolution(pointwise, random.at('projection'));
    this.output = new RectifiedNormalisation(channels, normalisation);
  }

  /** Tokens on their grid [N, d, h, w, C], and the skip [N, D, H, W, C]. */
  forward(tokens: tf.Tensor5D, skip: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const refined = this.postNormalisation ? gelu(this.postNormalisation.forward(tokens)) : tokens;
      // The published code convolves what it has enlarged; the weights of an interpolation sum to one, so that the order does not matter, and the
      // grid has fewer positions.
      const projected = this.#project(refined as tf.Tensor5D);
      const sides = skip.shape.slice(1, 4) as unknown as Triple;
      return this.output.forward(tf.add(resize(projected, sides, 'trilinear-corners'), skip), context);
    });
  }

  #project(tokens: tf.Tensor5D): tf.Tensor5D {
    const [batch, depth, height, width, channels] = tokens.shape;
    const flat = tf.reshape<tf.Rank.R4>(tokens, [batch, depth * height, width, channels]);
    return tf.reshape<tf.Rank.R5>(this.projection.forward(flat), tokens.shape);
  }
}
