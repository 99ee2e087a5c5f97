import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { convolveByPhases } from './by-phases.js';
import { checkReach } from './convolution.js';
import { convolveDepthwise } from './depthwise-convolution.js';
import { convolveDilated } from './dilated-convolution.js';
import { checkAxes, type Grid, mapAxes, type Pair, type Sides, type Triple } from './grid.js';

/**
 * Convolution in which each of `groups` runs of output channels sees its own run of input channels (Krizhevsky et al. 2012).
 * x [N, D, H, W, I], filter [kd, kh, kw, I / groups, O], or without the first axis both; sides as `convolveDilated` has them. One channel
 * in and out a group is `convolveDepthwise` where the axes do not differ in their strides.
 * @throws NetworkError `groups-do-not-divide` when channels cannot be shared out; `wrong-rank`, `wrong-channels`, `side-too-short`.
 */
export function convolveGrouped<T extends Grid>(
  x: T,
  filter: T,
  stride: Sides,
  padding: Sides,
  groups: number,
  dilation: Sides = mapAxes(stride, () => 1),
): T {
  if (groups === 1) return convolveDilated(x, filter, stride, padding, dilation);
  checkAxes('grouped convolution', x, filter.rank - 2);
  const [inputs, outputs] = [x.shape.at(-1), filter.shape.at(-1)] as [number, number];
  checkGroups(inputs, outputs, groups);
  if (groups === inputs && groups === outputs && isEven(stride, dilation)) {
    return convolveChannels(x, filter, stride, padding, dilation);
  }
  const filters = tf.split(filter as tf.Tensor, groups, -1) as T[];
  const parts = (tf.split(x as tf.Tensor, groups, -1) as T[]).map((part, group) =>
    convolveDilated(part, filters[group] as T, stride, padding, dilation),
  );
  return tf.concat(parts as tf.Tensor[], -1) as T;
}

/** @throws NetworkError `groups-do-not-divide`, naming the nearest number of groups that divides both channels. */
export function checkGroups(inputs: number, outputs: number, groups: number): void {
  if (inputs % groups === 0 && outputs % groups === 0) return;
  const legal = Array.from({ length: Math.min(inputs, outputs) }, (_, index) => index + 1).filter(
    (count) => inputs % count === 0 && outputs % count === 0,
  );
  const nearest = legal.reduce((best, count) =>
    Math.abs(count - groups) < Math.abs(best - groups) ? count : best,
  );
  throw new NetworkError(
    'groups-do-not-divide',
    `grouped convolution expects channels that are multiples of ${groups} groups, received ${inputs} in and ${outputs} out`,
    { hint: `use a number of groups that divides the channels of both sides; the nearest is ${nearest}` },
  );
}

/** Whether the axes have one stride, also those of the phases that a dilation makes. */
function isEven(stride: Sides, dilation: Sides): boolean {
  const [step, distance] = [stride[0], dilation[0]];
  return stride.every((side) => side === step) && (step === 1 || dilation.every((side) => side === distance));
}

/** Every channel by itself. */
function convolveChannels<T extends Grid>(
  x: T,
  filter: T,
  stride: Sides,
  padding: Sides,
  dilation: Sides,
): T {
  checkReach(x, filter, padding, dilation);
  if (dilation.every((step) => step === 1)) return convolveEvenly(x, filter, stride, padding);
  const kernel = filter.shape.slice(0, -2) as unknown as Sides;
  const none = mapAxes(padding, () => 0);
  return convolveByPhases(x, { kernel, stride, padding, dilation }, (phases, step) =>
    convolveEvenly(phases, filter, step, none),
  );
}

/** Of one stride for all axes; an image is a volume of one plane. */
function convolveEvenly<T extends Grid>(x: T, filter: T, [step]: Sides, padding: Sides): T {
  if (x.rank === 5)
    return convolveDepthwise(x as tf.Tensor5D, filter as tf.Tensor5D, step, padding as Triple) as T;
  const [volume, taps] = [tf.expandDims(x as tf.Tensor, 1), tf.expandDims(filter as tf.Tensor, 0)];
  const margins: Triple = [0, ...(padding as Pair)];
  return tf.squeeze(convolveDepthwise(volume as tf.Tensor5D, taps as tf.Tensor5D, step, margins), [1]) as T;
}
