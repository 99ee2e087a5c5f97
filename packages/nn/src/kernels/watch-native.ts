import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { isNative } from './native.js';

/** A tensor of TensorFlow's as its addon describes it. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: readonly number[];
}

/** The calls of the addon that make and free tensors. */
export interface NativeCalls {
  executeOp(name: string, attributes: unknown, inputs: readonly number[], outputs: number): NativeTensor[];
  createTensor(shape: readonly number[], dtype: unknown, values: unknown): number;
  deleteTensor(id: number): void;
}

/**
 * Runs `run` with the addon's calls replaced by those of `watch`, which gets the addon's own to call.
 * @throws NetworkError `no-native-backend` on another backend
 */
export function watchNative(watch: (calls: NativeCalls) => NativeCalls, run: () => void): void {
  const backend = nativeBackend();
  const { binding } = backend;
  // The addon's own properties cannot be assigned to.
  const properties = Object.entries(watch(binding)).map(([key, value]) => [key, { value }]);
  backend.binding = Object.create(binding as object, Object.fromEntries(properties)) as NativeCalls;
  try {
    run();
  } finally {
    backend.binding = binding;
  }
}

function nativeBackend(): { binding: NativeCalls } {
  if (isNative()) return tf.backend() as unknown as { binding: NativeCalls };
  throw new NetworkError(
    'no-native-backend',
    `operations are counted on the native backend only, this is '${tf.getBackend()}'`,
    { hint: 'load the native engine first (loadEngine of @bipvl/engine)' },
  );
}
