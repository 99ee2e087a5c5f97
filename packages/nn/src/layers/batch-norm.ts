import * as tf from '@tensorflow/tfjs-core';
import type { Context } from '../context.js';
import { batchNormInference, batchNormTraining } from '../kernels/batch-norm.js';
import { buffer, Module, parameter } from '../module.js';

export interface BatchNormOptions {
  readonly channels: number;
  /** Default 1e-5. */
  readonly epsilon?: number;
  /** Share of the newest batch in the running statistics. Default 0.1. */
  readonly momentum?: number;
}

/**
 * Batch normalisation over all axes but the last (Ioffe and Szegedy 2015). In training it uses the batch and updates its running
 * statistics; in evaluation it uses those.
 */
export class BatchNorm extends Module {
  readonly scale: tf.Variable;
  readonly shift: tf.Variable;
  readonly runningMean: tf.Variable;
  readonly runningVariance: tf.Variable;
  readonly #epsilon: number;
  readonly #momentum: number;

  constructor({ channels, epsilon = 1e-5, momentum = 0.1 }: BatchNormOptions) {
    super();
    this.scale = parameter(tf.ones([channels]));
    this.shift = parameter(tf.zeros([channels]));
    this.runningMean = buffer(tf.zeros([channels]));
    this.runningVariance = buffer(tf.ones([channels]));
    this.#epsilon = epsilon;
    this.#momentum = momentum;
  }

  forward<T extends tf.Tensor>(x: T, context: Context): T {
    return tf.tidy(() => {
      if (!context.training) {
        return batchNormInference(
          x,
          this.scale,
          this.shift,
          this.runningMean,
          this.runningVariance,
          this.#epsilon,
        );
      }
      const { y, statistics } = batchNormTraining(x, this.scale, this.shift, this.#epsilon);
      this.#follow(this.runningMean, statistics.mean);
      this.#follow(this.runningVariance, statistics.unbiasedVariance);
      return y;
    });
  }

  #follow(running: tf.Variable, newest: tf.Tensor): void {
    running.assign(tf.add(tf.mul(running, 1 - this.#momentum), tf.mul(newest, this.#momentum)));
  }
}
