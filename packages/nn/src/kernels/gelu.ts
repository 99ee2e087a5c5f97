import * as tf from '@tensorflow/tfjs-core';

/**
 * Exact GELU, x * (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016), with its gradient in closed form. Only x is kept for it: in wide
 * layers the memory of the error function costs more than to take it again.
 */
export const gelu: (x: tf.Tensor) => tf.Tensor = tf.customGrad((...inputs) => {
  const [x, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
  save([x]);
  return {
    value: tf.tidy(() => tf.mul(x, cumulative(x))),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const input = saved[0] as tf.Tensor;
      return tf.tidy(() => {
        const slope = tf.tidy(() => tf.add(cumulative(input), weightedDensity(input)));
        return tf.mul(dy, slope);
      });
    },
  };
}) as (x: tf.Tensor) => tf.Tensor;

/** Of the standard normal distribution. */
function cumulative(x: tf.Tensor): tf.Tensor {
  return chain(x, [
    (of) => tf.mul(of, Math.SQRT1_2),
    (of) => tf.erf(of),
    (of) => tf.add(of, 1),
    (of) => tf.mul(of, 0.5),
  ]);
}

/** x times the density of the standard normal distribution. */
function weightedDensity(x: tf.Tensor): tf.Tensor {
  return chain(x, [
    (of) => tf.square(of),
    (of) => tf.mul(of, -0.5),
    (of) => tf.exp(of),
    (of) => tf.mul(of, 1 / Math.sqrt(2 * Math.PI)),
    (of) => tf.mul(x, of),
  ]);
}

/** One operation after the other, each result freed before the next but one: an MLP's features are large, and the whole chain would hold four. */
function chain(x: tf.Tensor, operations: readonly ((of: tf.Tensor) => tf.Tensor)[]): tf.Tensor {
  return operations.reduce((of, operation) => {
    const result = operation(of);
    if (of !== x) of.dispose();
    return result;
  }, x);
}
