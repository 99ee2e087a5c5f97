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
        const density = tf.mul(tf.exp(tf.mul(tf.square(input), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(cumulative(input), tf.mul(input, density)));
      });
    },
  };
}) as (x: tf.Tensor) => tf.Tensor;

/** Of the standard normal distribution. */
function cumulative(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
}
