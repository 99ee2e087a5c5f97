import { type Context, leakyRelu, Module } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  createNormalisation,
  type Normalisation,
  type NormalisationLayer,
} from './normalised-convolution.js';

/** ReLU(norm(x)), [N, D, H, W, C] to the same; with 'none' ReLU alone. */
export class RectifiedNormalisation extends Module {
  readonly normalisation: NormalisationLayer | undefined;

  /** @throws NetworkError `groups-do-not-divide`. */
  constructor(channels: number, normalisation: Normalisation | 'none') {
    super();
    this.normalisation =
      normalisation === 'none'
        ? undefined
        : createNormalisation({ normalisation, outputChannels: channels, affine: true });
  }

  forward(x: tf.Tensor5D, context: Context): tf.Tensor5D {
    return tf.tidy(() => {
      const normalised = this.normalisation ? this.normalisation.forward(x, context) : x;
      return leakyRelu(normalised as tf.Tensor5D, 0);
    });
  }
}
