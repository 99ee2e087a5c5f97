import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { convolve, type Triple } from './convolution.js';

/**
 * 3-D convolution in which each of `groups` runs of output channels sees its own run of input channels (Krizhevsky et al. 2012).
 * x [N, D, H, W, I], filter [kd, kh, kw, I / groups, O]; sides as `convolve` has them. One channel a group is faster by
 * `convolveDepthwise`.
 * @throws NetworkError `groups-do-not-divide` when channels cannot be shared out.
 */
export function convolveGrouped(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: Triple,
  padding: Triple,
  groups: number,
): tf.Tensor5D {
  const [inputs, outputs] = [x.shape[4], filter.shape[4]];
  if (inputs % groups !== 0 || outputs % groups !== 0) throw doNotDivide(inputs, outputs, groups);
  if (groups === 1) return convolve(x, filter, stride, padding);
  const filters = tf.split(filter, groups, 4);
  const parts = tf
    .split(x, groups, 4)
    .map((part, group) => convolve(part as tf.Tensor5D, filters[group] as tf.Tensor5D, stride, padding));
  return tf.concat(parts, 4) as tf.Tensor5D;
}

function doNotDivide(inputs: number, outputs: number, groups: number): NetworkError {
  return new NetworkError(
    'groups-do-not-divide',
    `grouped convolution expects channels that are multiples of ${groups} groups, received ${inputs} in and ${outputs} out`,
    { hint: 'use a number of groups that divides the channels of both sides' },
  );
}
