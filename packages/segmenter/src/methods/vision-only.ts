import { type Context, evaluation, type Module, type RandomStream } from '@bipvl/nn';
import type { SegmentationNetwork } from '@bipvl/vision';
import * as tf from '@tensorflow/tfjs-core';
import type { VisionOnlyConfig } from '../config.js';
import type { Batch, Losses, Predictor, Segmenter } from '../segmenter.js';
import { configuredBackbone } from './configured-backbone.js';
import { supervisedLoss } from './supervised-loss.js';

/** A backbone alone, trained by the segmentation loss: what text is compared with. */
export class VisionOnly implements Segmenter {
  readonly config: VisionOnlyConfig;
  readonly lossNames: readonly string[] = ['segmentation'];
  readonly #network: SegmentationNetwork;

  constructor(config: VisionOnlyConfig, random: RandomStream) {
    this.config = config;
    this.#network = configuredBackbone(config, random.at('backbone'));
  }

  get network(): Module {
    return this.#network;
  }

  losses({ image, labels }: Batch, context: Context): Losses {
    return tf.tidy(() => {
      const total = supervisedLoss(this.#network.forward(image, context), labels);
      return { total, parts: { segmentation: tf.clone(total) } };
    });
  }

  openPredictor(): Predictor {
    return {
      predict: (image) => tf.tidy(() => this.#network.forward(image, evaluation()).logits as tf.Tensor5D),
      dispose: () => {},
    };
  }
}
