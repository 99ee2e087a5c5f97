import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { checkAxes, cropSpatially, type Grid, gridShape, mapAxes, padSpatially, type Sides } from './grid.js';
import { subsample } from './subsample.js';

export type { Triple } from './grid.js';

/**
 * Convolution in two or three dimensions with zero padding on both sides as PyTorch counts it.
 * x [N, D, H, W, I], filter [kd, kh, kw, I, O], or without the first axis both; the result's sides are
 * floor((side + 2 padding - kernel) / stride) + 1.
 * @throws NetworkError `wrong-rank`, `wrong-channels`, `side-too-short`.
 */
export function convolve<T extends Grid>(x: T, filter: T, stride: Sides, padding: Sides): T {
  checkInput(x, filter, -2);
  checkReach(x, filter, padding);
  const skipped = skippedSteps(filter, stride, padding);
  if (skipped.some((step) => step > 1)) {
    const rest = mapAxes(stride, (step, axis) => step / (skipped[axis] as number));
    return convolve(subsample(x, skipped), filter, rest, padding);
  }
  if (
    stride.every((step) => step === 1) &&
    padding.every((side, axis) => 2 * side + 1 === filter.shape[axis])
  ) {
    return slide(x, filter, stride, 'same');
  }
  return slide(padSpatially(x, padding, padding), filter, stride, 'valid');
}

/**
 * Transposed convolution, the gradient of `convolve` with respect to its input, itself differentiable.
 * x [N, D, H, W, I], filter [kd, kh, kw, O, I], or without the first axis both; sides become
 * (side - 1) stride - 2 padding + kernel + outputPadding.
 * @throws NetworkError `wrong-rank`, `wrong-channels`.
 */
export function convolveTransposed<T extends Grid>(
  x: T,
  filter: T,
  stride: Sides,
  padding: Sides,
  outputPadding: Sides,
): T {
  checkInput(x, filter, -1);
  const full = spread(x, filter, stride);
  const end = mapAxes(padding, (side, axis) => side - (outputPadding[axis] ?? 0));
  const extended = padSpatially(
    full,
    mapAxes(padding, () => 0),
    mapAxes(end, (side) => Math.max(0, -side)),
  );
  return cropSpatially(extended, padding, end);
}

/** @throws NetworkError `wrong-rank`, and `wrong-channels` unless the filter's axis `inputs` holds the channels of `x`. */
export function checkInput(x: Grid, filter: Grid, inputs: -1 | -2): void {
  checkAxes('convolution', x, filter.rank - 2);
  const [channels, expected] = [x.shape.at(-1), filter.shape.at(inputs)] as [number, number];
  if (channels === expected) return;
  throw new NetworkError(
    'wrong-channels',
    `convolution expects ${gridShape(x.rank - 2, expected)}, received [${x.shape}]`,
    { hint: `give it ${expected} channels on the last axis, or build it with inputChannels ${channels}` },
  );
}

/** @throws NetworkError `side-too-short` where the filter reaches beyond both ends of an axis. */
export function checkReach(x: Grid, filter: Grid, padding: Sides, dilation?: Sides): void {
  for (const [axis, margin] of padding.entries()) {
    const side = x.shape[axis + 1] as number;
    const least = (dilation?.[axis] ?? 1) * ((filter.shape[axis] as number) - 1) + 1 - 2 * margin;
    if (side < least) throw tooShort(x, axis, least);
  }
}

/**
 * Steps along the axes on which a filter sees one voxel only, so that those between can be left out before. oneDNN 3.7 writes beyond its memory
 * where a line along W has strides of 3 or more along D and H. Filters of a single voxel it has a fast path for.
 */
function skippedSteps(filter: Grid, stride: Sides, padding: Sides): Sides {
  const isLine = filter.shape.slice(0, -2).some((side) => side > 1);
  return mapAxes(stride, (step, axis) =>
    isLine && filter.shape[axis] === 1 && padding[axis] === 0 ? step : 1,
  );
}

function slide<T extends Grid>(x: T, filter: T, stride: Sides, pad: 'same' | 'valid'): T {
  const steps = [...stride];
  return (
    x.rank === 4
      ? tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, steps as [number, number], pad)
      : tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, steps as [number, number, number], pad)
  ) as T;
}

/** The transposed convolution without padding. */
function spread<T extends Grid>(x: T, filter: T, stride: Sides): T {
  if (x.rank === 5) return spreadVolume(stride)(x as tf.Tensor5D, filter as tf.Tensor5D) as T;
  const shape = spreadShape(x, filter, stride) as tf.Tensor4D['shape'];
  return tf.conv2dTranspose(
    x as tf.Tensor4D,
    filter as tf.Tensor4D,
    shape,
    [...stride] as [number, number],
    'valid',
  ) as T;
}

function spreadShape(x: Grid, filter: Grid, stride: Sides): number[] {
  const sides = stride.map(
    (step, axis) => ((x.shape[axis + 1] as number) - 1) * step + (filter.shape[axis] as number),
  );
  return [x.shape[0], ...sides, filter.shape.at(-2) as number];
}

/** In three dimensions TensorFlow.js has no gradient of it. */
function spreadVolume(stride: Sides): (x: tf.Tensor5D, filter: tf.Tensor5D) => tf.Tensor5D {
  const strides = [...stride];
  return tf.customGrad((...inputs) => {
    const [x, filter, save] = inputs as unknown as [tf.Tensor5D, tf.Tensor5D, tf.GradSaveFunc];
    save([x, filter]);
    const attributes = { pad: 'valid', strides, inputShape: spreadShape(x, filter, stride) };
    return {
      value: tf.engine().runKernel('Conv3DBackpropInputV2', { dy: x, filter }, attributes) as tf.Tensor,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, weights] = saved as [tf.Tensor5D, tf.Tensor5D];
        const attributes = { strides, pad: 'valid', filterShape: weights.shape };
        return [
          tf.conv3d(dy as tf.Tensor5D, weights, strides as [number, number, number], 'valid'),
          tf.engine().runKernel('Conv3DBackpropFilterV2', { x: dy, dy: input }, attributes) as tf.Tensor,
        ];
      },
    };
  }) as (x: tf.Tensor5D, filter: tf.Tensor5D) => tf.Tensor5D;
}

function tooShort(x: Grid, axis: number, least: number): NetworkError {
  return new NetworkError(
    'side-too-short',
    `convolution received [${x.shape}], whose axis ${axis + 1} is shorter than its filter reaches with its padding`,
    { hint: `the shortest side that fits is ${least}; or use a smaller kernel or dilation, or more padding` },
  );
}
