import * as tf from '@tensorflow/tfjs-core';
import { parametricRelu } from '../kernels/leaky-relu.js';
import { Module, parameter } from '../module.js';

/** y = max(0, x) + slope * min(0, x) with one learned slope, 0.25 at first (He et al. 2015). */
export class ParametricRelu extends Module {
  readonly slope: tf.Variable = parameter(tf.tensor1d([0.25]));

  forward<T extends tf.Tensor>(x: T): T {
    return tf.tidy(() => parametricRelu(x, this.slope));
  }
}
