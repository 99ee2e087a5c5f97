import * as tf from '@tensorflow/tfjs-core';
import { product } from './product.js';
import type { RandomStream } from './random-stream.js';

/** Uniform numbers in [-bound, bound). */
export function uniformTensor(shape: number[], bound: number, random: RandomStream): tf.Tensor {
  random.reserve(product(shape));
  const draw = random.uniform();
  return tf.tensor(
    fill(shape, () => (2 * draw() - 1) * bound),
    shape,
  );
}

/** Normal numbers of the given standard deviation around zero. */
export function normalTensor(shape: number[], deviation: number, random: RandomStream): tf.Tensor {
  random.reserve(product(shape));
  const draw = random.normal();
  return tf.tensor(
    fill(shape, () => draw() * deviation),
    shape,
  );
}

/** PyTorch's default for weights and biases of linear and convolution layers: U(-1/sqrt(fanIn), 1/sqrt(fanIn)) (He et al. 2015 with a = sqrt 5). */
export function kaimingUniform(shape: number[], fanIn: number, random: RandomStream): tf.Tensor {
  return uniformTensor(shape, 1 / Math.sqrt(fanIn), random);
}

/** Draws the first values of a tensor whose every output sums over `fanIn` inputs. */
export type Initialiser = (shape: number[], fanIn: number, random: RandomStream) => tf.Tensor;

/** How a layer's weight and bias begin. */
export interface Initialisation {
  readonly weight: Initialiser;
  readonly bias: Initialiser;
}

/** What PyTorch gives convolutions and linear layers: `kaimingUniform` for both. */
export const frameworkInitialisation: Initialisation = { weight: kaimingUniform, bias: kaimingUniform };

/**
 * Normal weights of variance 2 / ((1 + slope^2) fanIn), which keeps the size of features through leaky rectifiers of that slope, and biases
 * of zero (He et al. 2015): what nnU-Net and MONAI's DynUNet begin with.
 */
export function heInitialisation(slope: number): Initialisation {
  const gain = Math.sqrt(2 / (1 + slope ** 2));
  return {
    weight: (shape, fanIn, random) => normalTensor(shape, gain / Math.sqrt(fanIn), random),
    bias: (shape) => tf.zeros(shape),
  };
}

function fill(shape: readonly number[], draw: () => number): Float32Array {
  const values = new Float32Array(product(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}
