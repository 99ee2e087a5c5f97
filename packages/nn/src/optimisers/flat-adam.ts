import type * as tf from '@tensorflow/tfjs-core';

/** The constants of Adam, with the betas as float32 holds them. */
export interface AdamConstants {
  readonly beta1: number;
  readonly beta2: number;
}

/** What changes from step to step: bias correction is folded into both. */
export interface AdamRates {
  readonly rate: number;
  readonly epsilon: number;
}

/** The moments of many parameters laid out as one vector, and the update of that vector. */
export interface FlatAdam {
  /**
   * The vector after one step without weight decay. Takes over the old vector, so that it may be changed in
   * place, but not the gradient.
   */
  update(parameters: tf.Tensor1D, gradient: tf.Tensor1D, rates: AdamRates): tf.Tensor1D;
  /** Copies of the first and second moments. */
  moments(): { first: tf.Tensor1D; second: tf.Tensor1D };
  /** Replaces the moments by these values. */
  load(first: tf.Tensor1D, second: tf.Tensor1D): void;
  dispose(): void;
}
