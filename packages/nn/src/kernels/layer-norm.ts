import * as tf from '@tensorflow/tfjs-core';

/**
 * Layer normalisation over the last axis (Ba et al. 2016): y = scale * (x - mean) / sqrt(variance + epsilon) + shift, with its gradient in
 * closed form. x [..., C], scale and shift [C]; biased variance.
 */
export function layerNorm(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, epsilon: number): tf.Tensor {
  const kernel = tf.customGrad((...inputs) => {
    const [features, gain, offset, save] = inputs as unknown as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.GradSaveFunc,
    ];
    const centred = tf.sub(features, tf.mean(features, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const normalised = tf.mul(centred, inverse);
    save([normalised, inverse, gain]);
    return { value: tf.add(tf.mul(normalised, gain), offset), gradFunc: layerNormGradient };
  });
  return kernel(x, scale, shift);
}

function layerNormGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [normalised, inverse, gain] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
  const channels = gain.size;
  const rows = (tensor: tf.Tensor) => tf.reshape(tensor, [-1, channels]);
  const toNormalised = tf.mul(dy, gain);
  const projection = tf.mul(normalised, tf.mean(tf.mul(toNormalised, normalised), -1, true));
  const toInput = tf.mul(inverse, tf.sub(tf.sub(toNormalised, tf.mean(toNormalised, -1, true)), projection));
  return [toInput, tf.sum(rows(tf.mul(dy, normalised)), 0), tf.sum(rows(dy), 0)];
}
