import * as tf from '@tensorflow/tfjs-core';
import { type Context, evaluation, within } from '../context.js';
import { gelu } from '../kernels/gelu.js';
import { Module } from '../module.js';
import type { RandomStream } from '../random-stream.js';
import { dropout } from './dropout.js';
import { Linear } from './linear.js';

export interface MlpOptions {
  readonly width: number;
  readonly hidden: number;
  readonly activation: 'relu' | 'gelu';
  /** Dropout after the activation and after the second layer, in training. Default 0. */
  readonly dropout?: number;
}

/** Two linear layers with an activation between: [..., width] to [..., hidden] to [..., width]. */
export class Mlp extends Module {
  readonly expand: Linear;
  readonly contract: Linear;
  readonly #activation: 'relu' | 'gelu';
  readonly #dropout: number;

  constructor({ width, hidden, activation, dropout = 0 }: MlpOptions, random: RandomStream) {
    super();
    this.expand = new Linear({ inputs: width, outputs: hidden }, random.at('expand'));
    this.contract = new Linear({ inputs: hidden, outputs: width }, random.at('contract'));
    this.#activation = activation;
    this.#dropout = dropout;
  }

  /** Without a context it evaluates: nothing is dropped. */
  forward(x: tf.Tensor, context: Context = evaluation()): tf.Tensor {
    return tf.tidy(() => {
      const expanded = this.expand.forward(x);
      const active = this.#activation === 'relu' ? tf.relu(expanded) : gelu(expanded);
      const hidden = dropout(active, this.#dropout, within(context, 'hidden'));
      return dropout(this.contract.forward(hidden), this.#dropout, within(context, 'output'));
    });
  }
}
