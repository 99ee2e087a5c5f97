import * as tf from '@tensorflow/tfjs-core';

/** Exact GELU, x * (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016), with its gradient in closed form. */
export const gelu: (x: tf.Tensor) => tf.Tensor = tf.customGrad((...inputs) => {
  const [x, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
  const cumulative = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
  save([x, cumulative]);
  return {
    value: tf.mul(x, cumulative),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [input, probability] = saved as [tf.Tensor, tf.Tensor];
      // The tape frees nothing that a gradient makes on its way before the whole step ends.
      return tf.tidy(() => {
        const density = tf.mul(tf.exp(tf.mul(tf.square(input), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(probability, tf.mul(input, density)));
      });
    },
  };
}) as (x: tf.Tensor) => tf.Tensor;
