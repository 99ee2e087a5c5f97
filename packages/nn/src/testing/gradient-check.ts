import * as tf from '@tensorflow/tfjs-core';

export interface GradientCheckOptions {
  /** Half the step of the central difference. Default 1e-2: the rounding of float32 asks for a large one. */
  readonly step?: number;
  /** Seed of the random directions and weights. Default 9001, unlikely to be that of an input. */
  readonly seed?: number;
}

/**
 * The largest relative difference, over the inputs, between the gradient along a random direction and the central difference along it.
 * `f` maps the inputs to a tensor, whose entries are weighted at random and summed. About 1e-3 is what float32 allows.
 */
export function gradientError(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
  { step = 1e-2, seed = 9001 }: GradientCheckOptions = {},
): number {
  return tf.tidy(() => {
    const shape = f(...inputs).shape;
    const weights = tf.randomUniform(shape, -1, 1, 'float32', seed);
    const objective = (...at: tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(f(...at), weights));
    const gradients = tf.grads(objective)([...inputs]);
    const errors = gradients.map((gradient, index) => {
      const direction = tf.randomUniform(gradient.shape, -1, 1, 'float32', seed + 17 * (index + 1));
      const along = numbers(tf.sum(tf.mul(gradient, direction)));
      const moved = (sign: number) =>
        inputs.map((input, i) => (i === index ? tf.add(input, tf.mul(direction, sign * step)) : input));
      // Summed in float64: the difference of two large sums would lose what is looked for.
      const difference = weighted(f(...moved(1)), weights) - weighted(f(...moved(-1)), weights);
      return relative(along, difference / (2 * step));
    });
    return Math.max(...errors);
  });
}

function weighted(values: tf.Tensor, weights: tf.Tensor): number {
  const [v, w] = [values.dataSync(), weights.dataSync()];
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += (v[i] as number) * (w[i] as number);
  return sum;
}

function numbers(scalar: tf.Tensor): number {
  return scalar.dataSync()[0] as number;
}

function relative(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1e-3, Math.abs(a), Math.abs(b));
}
