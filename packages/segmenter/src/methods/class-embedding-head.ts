import { Linear, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * One channel a class at every place of the bottleneck (arXiv 2503.23534, supplement): linear, ReLU, linear.
 * Bottleneck [B, d, h, w, C] to class logits [B, d * h * w, classes].
 */
export class ClassEmbeddingHead extends Module {
  readonly hidden: Linear;
  readonly output: Linear;

  constructor(channels: number, classes: number, random: RandomStream) {
    super();
    this.hidden = new Linear({ inputs: channels, outputs: channels }, random.at('hidden'));
    this.output = new Linear({ inputs: channels, outputs: classes }, random.at('output'));
  }

  forward(bottleneck: tf.Tensor): tf.Tensor3D {
    return tf.tidy(() => {
      const [batch, , , , channels] = bottleneck.shape as [number, number, number, number, number];
      const places = tf.reshape(bottleneck, [batch, -1, channels]);
      return this.output.forward(tf.relu(this.hidden.forward(places))) as tf.Tensor3D;
    });
  }
}
