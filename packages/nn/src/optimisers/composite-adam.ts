import * as tf from '@tensorflow/tfjs-core';
import type { AdamConstants, AdamRates, FlatAdam } from './flat-adam.js';

/** Adam of operations that every backend has. */
export class CompositeAdam implements FlatAdam {
  readonly #constants: AdamConstants;
  #first: tf.Tensor1D;
  #second: tf.Tensor1D;

  constructor(length: number, constants: AdamConstants) {
    this.#constants = constants;
    this.#first = tf.keep(tf.zeros([length]));
    this.#second = tf.keep(tf.zeros([length]));
  }

  update(parameters: tf.Tensor1D, gradient: tf.Tensor1D, { rate, epsilon }: AdamRates): tf.Tensor1D {
    const { beta1, beta2 } = this.#constants;
    const [updated, first, second] = tf.tidy(() => {
      const m: tf.Tensor1D = tf.add(tf.mul(this.#first, beta1), tf.mul(gradient, 1 - beta1));
      const v: tf.Tensor1D = tf.add(tf.mul(this.#second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
      const change = tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon));
      return [tf.sub(parameters, change) as tf.Tensor1D, m, v] as const satisfies tf.Tensor1D[];
    });
    parameters.dispose();
    this.#replace(first, second);
    return updated;
  }

  moments(): { first: tf.Tensor1D; second: tf.Tensor1D } {
    return { first: tf.clone(this.#first), second: tf.clone(this.#second) };
  }

  load(first: tf.Tensor1D, second: tf.Tensor1D): void {
    this.#replace(tf.clone(first), tf.clone(second));
  }

  dispose(): void {
    tf.dispose([this.#first, this.#second]);
  }

  #replace(first: tf.Tensor1D, second: tf.Tensor1D): void {
    this.dispose();
    this.#first = tf.keep(first);
    this.#second = tf.keep(second);
  }
}
