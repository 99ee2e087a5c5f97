import { Convolution, type Initialisation, Module, type RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Decoded, Head, Prediction } from '../coupling.js';

export interface SupervisedHeadOptions {
  /** Channels of the decoded levels that have a convolution, fine to deep. */
  readonly channels: readonly number[];
  readonly outputChannels: number;
  /** How many levels below the finest yield logits. */
  readonly auxiliary: number;
  readonly initialisation: Initialisation;
}

/** A 1x1x1 convolution from each decoded level to logits: the finest level's, and below it those of deep supervision (Lee et al. 2015). */
export class SupervisedHead extends Module implements Head {
  /** Fine to deep. */
  readonly levels: Convolution[];
  readonly #auxiliary: number;

  constructor(
    { channels, outputChannels, auxiliary, initialisation }: SupervisedHeadOptions,
    random: RandomStream,
  ) {
    super();
    this.levels = channels.map(
      (inputChannels, level) =>
        new Convolution(
          { inputChannels, outputChannels, kernel: 1, initialisation },
          random.at('levels', level),
        ),
    );
    this.#auxiliary = auxiliary;
    // What yields no logits is kept for the checkpoint's sake and not trained.
    for (const idle of this.levels.slice(1 + auxiliary))
      for (const variable of idle.state().values()) variable.trainable = false;
  }

  predict(decoded: Decoded): Prediction {
    return tf.tidy(() => {
      const [logits, ...auxiliary] = this.levels
        .slice(0, 1 + this.#auxiliary)
        .map((convolution, level) => convolution.forward(decoded.levels.at(-1 - level) as tf.Tensor5D));
      return { logits: logits as tf.Tensor, auxiliary, extra: decoded.extra };
    });
  }
}
