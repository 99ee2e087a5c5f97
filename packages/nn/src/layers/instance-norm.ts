import * as tf from '@tensorflow/tfjs-core';
import { instanceNorm } from '../kernels/instance-norm.js';
import { Module, parameter } from '../module.js';

export interface InstanceNormOptions {
  readonly channels: number;
  /** Learns a scale and a shift a channel. Default false, as PyTorch has it. */
  readonly affine?: boolean;
  /** Default 1e-5. */
  readonly epsilon?: number;
}

/** Instance normalisation of [N, ...spatial, C]: zero mean and unit variance a channel and sample (Ulyanov et al. 2016). */
export class InstanceNorm extends Module {
  readonly scale: tf.Variable | undefined;
  readonly shift: tf.Variable | undefined;
  readonly #channels: number;
  readonly #epsilon: number;

  constructor({ channels, affine = false, epsilon = 1e-5 }: InstanceNormOptions) {
    super();
    this.scale = affine ? parameter(tf.ones([channels])) : undefined;
    this.shift = affine ? parameter(tf.zeros([channels])) : undefined;
    this.#channels = channels;
    this.#epsilon = epsilon;
  }

  forward<T extends tf.Tensor>(x: T): T {
    return tf.tidy(() => {
      const scale = this.scale ?? tf.ones([this.#channels]);
      const shift = this.shift ?? tf.zeros([this.#channels]);
      return instanceNorm(x, scale, shift, this.#epsilon);
    });
  }
}
