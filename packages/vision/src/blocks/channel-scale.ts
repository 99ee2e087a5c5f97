import { biasAdd, Module, parameter } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * y = scale * x + shift a channel: [..., C] to [..., C]. A depthwise 1x1 convolution, held in the shape of one, [1, 1, 1, C]. It begins as the
 * identity.
 */
export class ChannelScale extends Module {
  readonly scale: tf.Variable;
  readonly shift: tf.Variable;

  constructor(channels: number) {
    super();
    this.scale = parameter(tf.ones([1, 1, 1, channels]));
    this.shift = parameter(tf.zeros([channels]));
  }

  forward<T extends tf.Tensor>(x: T): T {
    return tf.tidy(() => biasAdd(tf.mul(x, tf.reshape(this.scale, [-1])) as T, this.shift));
  }
}
