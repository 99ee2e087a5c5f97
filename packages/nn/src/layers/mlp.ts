import * as tf from '@tensorflow/tfjs-core';
import { gelu } from '../kernels/gelu.js';
import { Module } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { Linear } from './linear.js';

export interface MlpOptions {
  readonly width: number;
  readonly hidden: number;
  readonly activation: 'relu' | 'gelu';
}

/** Two linear layers with an activation between: [..., width] to [..., hidden] to [..., width]. */
export class Mlp extends Module {
  readonly expand: Linear;
  readonly contract: Linear;
  readonly #activation: 'relu' | 'gelu';

  constructor({ width, hidden, activation }: MlpOptions, random: RandomStream) {
    super();
    this.expand = new Linear({ inputs: width, outputs: hidden }, random.at('expand'));
    this.contract = new Linear({ inputs: hidden, outputs: width }, random.at('contract'));
    this.#activation = activation;
  }

  forward(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const hidden = this.expand.forward(x);
      return this.contract.forward(this.#activation === 'relu' ? tf.relu(hidden) : gelu(hidden));
    });
  }
}
