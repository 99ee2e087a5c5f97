import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { groupNorm } from '../kernels/group-norm.js';
import { Module, parameter } from '../module.js';

export interface GroupNormOptions {
  readonly channels: number;
  /** Runs of channels that are normalised together; divides `channels`. */
  readonly groups: number;
  /** Default 1e-5. */
  readonly epsilon?: number;
}

/** Group normalisation of [N, ...spatial, C] with learned scale and shift (Wu and He 2018). */
export class GroupNorm extends Module {
  readonly scale: tf.Variable;
  readonly shift: tf.Variable;
  readonly #groups: number;
  readonly #epsilon: number;

  /** @throws NetworkError `groups-do-not-divide`. */
  constructor({ channels, groups, epsilon = 1e-5 }: GroupNormOptions) {
    super();
    if (channels % groups !== 0) throw doNotDivide(channels, groups);
    this.scale = parameter(tf.ones([channels]));
    this.shift = parameter(tf.zeros([channels]));
    this.#groups = groups;
    this.#epsilon = epsilon;
  }

  forward<T extends tf.Tensor>(x: T): T {
    return tf.tidy(() => groupNorm(x, this.scale, this.shift, this.#groups, this.#epsilon));
  }
}

function doNotDivide(channels: number, groups: number): NetworkError {
  return new NetworkError(
    'groups-do-not-divide',
    `group norm expects channels that are a multiple of its ${groups} groups, received ${channels}`,
    { hint: 'use a number of groups that divides the channels' },
  );
}
