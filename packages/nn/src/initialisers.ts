import * as tf from '@tensorflow/tfjs-core';
import type { RandomStream } from './random-stream.js';

/** Uniform numbers in [-bound, bound). */
export function uniformTensor(shape: number[], bound: number, random: RandomStream): tf.Tensor {
  const draw = random.uniform();
  return tf.tensor(
    fill(shape, () => (2 * draw() - 1) * bound),
    shape,
  );
}

/** Normal numbers of the given standard deviation around zero. */
export function normalTensor(shape: number[], deviation: number, random: RandomStream): tf.Tensor {
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

function fill(shape: readonly number[], draw: () => number): Float32Array {
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}
