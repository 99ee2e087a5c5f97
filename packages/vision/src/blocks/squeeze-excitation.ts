import { Convolution, leakyRelu, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Weighs each channel by what the means of all channels say: two linear layers with a quarter of the channels and ReLU between, then a sigmoid
 * (Hu et al. 2018). [N, D, H, W, C] to the same.
 */
export class SqueezeExcitation extends Module {
  readonly squeeze: Convolution;
  readonly excite: Convolution;

  constructor(channels: number, random: RandomStream) {
    super();
    const hidden = Math.max(1, Math.floor(channels / 4));
    this.squeeze = new Convolution(
      { inputChannels: channels, outputChannels: hidden, kernel: 1 },
      random.at('squeeze'),
    );
    this.excite = new Convolution(
      { inputChannels: hidden, outputChannels: channels, kernel: 1 },
      random.at('excite'),
    );
  }

  forward(x: tf.Tensor5D): tf.Tensor5D {
    return tf.tidy(() => {
      const means = tf.mean(x, [1, 2, 3], true) as tf.Tensor5D;
      return tf.mul(x, tf.sigmoid(this.excite.forward(leakyRelu(this.squeeze.forward(means), 0))));
    });
  }
}
