import { type Context, Convolution, type ConvolutionOptions, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone, Bridge, Decoded, Decoder, Encoder, Head, Prediction, Pyramid } from './coupling.js';

/** Encoder, optional bridge, decoder and head, run one after the other. */
export class SegmentationNetwork extends Module implements Backbone {
  readonly encoder: Encoder;
  readonly bridge?: Bridge;
  readonly decoder: Decoder;
  readonly head: Head;

  constructor(parts: { encoder: Encoder; bridge?: Bridge; decoder: Decoder; head: Head }) {
    super();
    this.encoder = parts.encoder;
    if (parts.bridge) this.bridge = parts.bridge;
    this.decoder = parts.decoder;
    this.head = parts.head;
  }

  /** Image [N, D, H, W, C] to logits [N, D, H, W, classes]. @throws NetworkError when the sides are not legal for the encoder. */
  forward(image: tf.Tensor, context: Context): Prediction {
    return tf.tidy(() => {
      const { pyramid } = this.encoder.encode(image, context, {});
      return this.finish(pyramid, context);
    });
  }

  /** From the encoder's pyramid to the prediction. */
  finish(pyramid: Pyramid, context: Context): Prediction {
    const connected = this.bridge ? this.bridge.connect(pyramid, context) : pyramid;
    return this.head.predict(this.decoder.decode(connected, context), connected, context);
  }
}

/** A convolution from the finest level's features to the logits. */
export class ConvolutionHead extends Module implements Head {
  readonly convolution: Convolution;

  constructor(options: ConvolutionOptions, random: RandomStream) {
    super();
    this.convolution = new Convolution(options, random);
  }

  predict(decoded: Decoded): Prediction {
    const logits = this.convolution.forward(decoded.levels.at(-1) as tf.Tensor5D);
    return { logits, auxiliary: [], extra: decoded.extra };
  }
}

/** For decoders whose finest level already holds the logits. */
export class IdentityHead extends Module implements Head {
  predict(decoded: Decoded): Prediction {
    return { logits: decoded.levels.at(-1) as tf.Tensor, auxiliary: [], extra: decoded.extra };
  }
}
