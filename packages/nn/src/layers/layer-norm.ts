import * as tf from '@tensorflow/tfjs-core';
import { layerNorm } from '../kernels/layer-norm.js';
import { Module, parameter } from '../module.js';

export interface LayerNormOptions {
  readonly channels: number;
  /** Default 1e-5; BERT uses 1e-12. */
  readonly epsilon?: number;
}

/** Layer normalisation over the last axis with learned scale and shift (Ba et al. 2016): [..., C] to [..., C]. */
export class LayerNorm extends Module {
  readonly scale: tf.Variable;
  readonly shift: tf.Variable;
  readonly #epsilon: number;

  constructor({ channels, epsilon = 1e-5 }: LayerNormOptions) {
    super();
    this.scale = parameter(tf.ones([channels]));
    this.shift = parameter(tf.zeros([channels]));
    this.#epsilon = epsilon;
  }

  forward(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => layerNorm(x, this.scale, this.shift, this.#epsilon));
  }
}
