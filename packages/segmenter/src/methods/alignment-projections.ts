import { Linear, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The common space of classes and concepts: P_v maps the spatial pattern of a class channel (S places), P_t a concept's class token
 * (arXiv 2503.23534, section 3). P_v ties the network to the patch it is trained on.
 */
export class AlignmentProjections extends Module {
  readonly vision: Linear;
  readonly text: Linear;

  constructor(places: number, textWidth: number, width: number, random: RandomStream) {
    super();
    this.vision = new Linear({ inputs: places, outputs: width }, random.at('vision'));
    this.text = new Linear({ inputs: textWidth, outputs: width }, random.at('text'));
  }

  /** Class logits [B, S, N + 1], background first, to class vectors [B, N, width]. */
  projectClasses(classLogits: tf.Tensor3D): tf.Tensor3D {
    return tf.tidy(() => {
      const [batch, places, channels] = classLogits.shape;
      const foreground = tf.slice(classLogits, [0, 0, 1], [batch, places, channels - 1]);
      return this.vision.forward(tf.transpose(foreground, [0, 2, 1])) as tf.Tensor3D;
    });
  }

  /** Concept tokens [N, K, H] to concept vectors [N, K, width]. */
  projectConcepts(concepts: tf.Tensor3D): tf.Tensor3D {
    return this.text.forward(concepts) as tf.Tensor3D;
  }
}
