import { biasAdd, kaimingUniform, Module, matrixProduct, parameter, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/** A 1x1 convolution with a bias over the last axis, of any rank, [..., C] to [..., C], held in the shape of a 2-D one, [1, 1, C, C]. */
export class PointwiseConvolution extends Module {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable;

  constructor(channels: number, random: RandomStream) {
    super();
    this.weight = parameter(kaimingUniform([1, 1, channels, channels], channels, random.at('weight')));
    this.bias = parameter(kaimingUniform([channels], channels, random.at('bias')));
  }

  forward<T extends tf.Tensor>(x: T): T {
    const channels = this.bias.size;
    return tf.tidy(() => {
      const matrix = tf.reshape(this.weight, [channels, channels]) as tf.Tensor2D;
      const product = matrixProduct(tf.reshape(x, [-1, channels]) as tf.Tensor2D, matrix);
      return tf.reshape(biasAdd(product, this.bias), x.shape) as T;
    });
  }
}
