import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';

/** A number for each of D, H and W. */
export type Triple = readonly [number, number, number];

/**
 * 3-D convolution with zero padding on both sides as PyTorch counts it.
 * x [N, D, H, W, I], filter [kd, kh, kw, I, O]; the result's sides are floor((side + 2 padding - kernel) / stride) + 1.
 */
export function convolve(x: tf.Tensor5D, filter: tf.Tensor5D, stride: Triple, padding: Triple): tf.Tensor5D {
  if (x.shape[4] !== filter.shape[3]) throw wrongChannels(x, filter.shape[3]);
  const steps: [number, number, number] = [...stride];
  if (
    stride.every((step) => step === 1) &&
    padding.every((side, axis) => 2 * side + 1 === filter.shape[axis])
  ) {
    return tf.conv3d(x, filter, steps, 'same');
  }
  return tf.conv3d(padSpatially(x, padding, padding), filter, steps, 'valid');
}

/**
 * Transposed 3-D convolution, the gradient of `convolve` with respect to its input, itself differentiable.
 * x [N, D, H, W, I], filter [kd, kh, kw, O, I]; sides become (side - 1) stride - 2 padding + kernel + outputPadding.
 */
export function convolveTransposed(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  stride: Triple,
  padding: Triple,
  outputPadding: Triple,
): tf.Tensor5D {
  if (x.shape[4] !== filter.shape[4]) throw wrongChannels(x, filter.shape[4]);
  const full = transposedKernel(stride)(x, filter);
  const end = padding.map((side, axis) => side - (outputPadding[axis] ?? 0)) as [number, number, number];
  return cropSpatially(
    padSpatially(full, [0, 0, 0], end.map((side) => Math.max(0, -side)) as unknown as Triple),
    padding,
    end,
  );
}

function transposedKernel(stride: Triple): (x: tf.Tensor5D, filter: tf.Tensor5D) => tf.Tensor5D {
  const strides = [...stride];
  return tf.customGrad((...inputs) => {
    const [x, filter, save] = inputs as unknown as [tf.Tensor5D, tf.Tensor5D, tf.GradSaveFunc];
    save([x, filter]);
    return {
      value: backpropagateToInput(x, filter, stride),
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

function backpropagateToInput(x: tf.Tensor5D, filter: tf.Tensor5D, stride: Triple): tf.Tensor5D {
  const sides = stride.map(
    (step, axis) => ((x.shape[axis + 1] as number) - 1) * step + (filter.shape[axis] as number),
  );
  const inputShape = [x.shape[0], ...sides, filter.shape[3]];
  const attributes = { pad: 'valid', strides: [...stride], inputShape };
  return tf.engine().runKernel('Conv3DBackpropInputV2', { dy: x, filter }, attributes) as tf.Tensor5D;
}

function padSpatially(x: tf.Tensor5D, before: Triple, after: Triple): tf.Tensor5D {
  if ([...before, ...after].every((side) => side === 0)) return x;
  const margins = before.map((side, axis): [number, number] => [side, after[axis] ?? 0]);
  return tf.pad(x, [[0, 0], ...margins, [0, 0]]);
}

function cropSpatially(x: tf.Tensor5D, before: Triple, after: readonly number[]): tf.Tensor5D {
  if ([...before, ...after].every((side) => side <= 0)) return x;
  const sizes = before.map(
    (side, axis) => (x.shape[axis + 1] as number) - side - Math.max(0, after[axis] ?? 0),
  );
  return tf.slice(x, [0, ...before, 0], [x.shape[0], ...sizes, x.shape[4]]);
}

function wrongChannels(x: tf.Tensor, expected: number): NetworkError {
  return new NetworkError(
    'wrong-channels',
    `convolution expects [N, D, H, W, ${expected}], received [${x.shape}]`,
    {
      hint: `give it ${expected} channels on the last axis, or build it with inputChannels ${x.shape.at(-1)}`,
    },
  );
}
