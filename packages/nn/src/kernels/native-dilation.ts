import * as tf from '@tensorflow/tfjs-core';
import type { Grid, Sides } from './grid.js';
import { type AttributeValue, isNative, runNative } from './native.js';

export interface NativeDilation {
  readonly stride: Sides;
  readonly dilation: Sides;
  readonly padding: 'SAME' | 'VALID';
}

/** TensorFlow's own dilated convolution with its gradients. x [N, ...sides, I], filter [...kernel, I, O]. */
export function convolveDilatedNatively<T extends Grid>(x: T, filter: T, options: NativeDilation): T {
  const [operation, attributes] = operationOf(x, options);
  const version = x.rank === 5 ? 'V2' : '';
  const kernel = tf.customGrad((...inputs) => {
    const [input, weights, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([input, weights]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [given, taps] = saved as [tf.Tensor, tf.Tensor];
      const [inputShape, filterShape] = saved.map(({ shape }) => tf.tensor1d(shape, 'int32')) as [
        tf.Tensor,
        tf.Tensor,
      ];
      const shaped = x.rank === 5 ? { ...attributes, Tshape: { type: 'int32' } as const } : attributes;
      return tf.tidy(() => [
        runNative(`${operation}BackpropInput${version}`, shaped, [inputShape, taps, dy]),
        runNative(`${operation}BackpropFilter${version}`, attributes, [given, filterShape, dy]),
      ]);
    };
    return { value: runNative(operation, attributes, [input, weights]), gradFunc };
  });
  return kernel(x, filter) as T;
}

const answers = new WeakMap<object, boolean>();

/** Whether this backend has dilated convolutions with gradients: native ones without oneDNN, or with an older TensorFlow, have not. */
export function hasNativeDilation(): boolean {
  if (!isNative()) return false;
  const backend: object = tf.backend();
  const known = answers.get(backend) ?? tryDilation();
  answers.set(backend, known);
  return known;
}

function tryDilation(): boolean {
  const ones = (shape: tf.Tensor5D['shape']) => tf.ones(shape) as tf.Tensor5D;
  try {
    tf.tidy(() => {
      const [x, filter] = [ones([1, 1, 1, 3, 1]), ones([1, 1, 2, 1, 1])];
      const options: NativeDilation = { stride: [1, 1, 1], dilation: [1, 1, 2], padding: 'VALID' };
      return convolveDilatedNatively(x, filter, options);
    });
    return true;
  } catch {
    return false;
  }
}

function operationOf(
  x: Grid,
  { stride, dilation, padding }: NativeDilation,
): [string, Record<string, AttributeValue>] {
  const attributes: Record<string, AttributeValue> = {
    T: { type: 'float32' },
    strides: { int: [1, ...stride, 1] },
    dilations: { int: [1, ...dilation, 1] },
    padding: { string: padding },
    data_format: { string: x.rank === 5 ? 'NDHWC' : 'NHWC' },
  };
  if (x.rank === 5) return ['Conv3D', attributes];
  return ['Conv2D', { ...attributes, use_cudnn_on_gpu: { bool: true } }];
}
