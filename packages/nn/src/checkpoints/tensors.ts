import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { type DecodeOptions, decodeSafetensors, encodeSafetensors } from './safetensors.js';
import { quoted } from './safetensors-header.js';
import type { StorageType, StoredTensor } from './storage-types.js';

/**
 * Writes tensors as safetensors: float32 as F32, int32 as I32, bool as BOOL.
 * @throws NetworkError `bad-stored-tensor` for another dtype.
 */
export async function tensorsToSafetensors(
  tensors: ReadonlyMap<string, tf.Tensor>,
  metadata?: ReadonlyMap<string, string>,
): Promise<Uint8Array> {
  const stored = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) stored.set(name, await store(name, tensor));
  return encodeSafetensors(stored, metadata);
}

/**
 * Reads safetensors into tensors that the caller disposes: all float types become float32, integers int32,
 * BOOL bool.
 * @throws NetworkError `bad-safetensors` for a malformed file or an I64 value beyond 32 bits.
 */
export function safetensorsToTensors(bytes: Uint8Array, options: DecodeOptions = {}): Map<string, tf.Tensor> {
  const { tensors } = decodeSafetensors(bytes, options);
  const values = [...tensors].map(([name, stored]) => [name, inMemory(name, stored)] as const);
  return new Map(values.map(([name, { data, dtype, shape }]) => [name, tf.tensor(data, [...shape], dtype)]));
}

/** One stored tensor as a tensor of the backend in use. */
export function toTensor(name: string, stored: StoredTensor): tf.Tensor {
  const { data, dtype, shape } = inMemory(name, stored);
  return tf.tensor(data, [...shape], dtype);
}

interface InMemory {
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
}

function inMemory(name: string, { dtype, shape, data }: StoredTensor): InMemory {
  if (data instanceof BigInt64Array) return { data: narrowed(name, data), dtype: 'int32', shape };
  if (data instanceof Float64Array) return { data: new Float32Array(data), dtype: 'float32', shape };
  if (dtype === 'BOOL') return { data, dtype: 'bool', shape };
  if (data instanceof Float32Array) return { data, dtype: 'float32', shape };
  return { data: data instanceof Uint8Array ? new Int32Array(data) : data, dtype: 'int32', shape };
}

function narrowed(name: string, data: BigInt64Array): Int32Array {
  return Int32Array.from(data, (value) => {
    if (BigInt.asIntN(32, value) === value) return Number(value);
    throw new NetworkError(
      'bad-safetensors',
      `tensor ${quoted(name)} holds ${value}, which is not a 32-bit integer`,
      {
        kind: 'data',
        hint: 'read it with decodeSafetensors, which keeps 64-bit integers',
      },
    );
  });
}

async function store(name: string, tensor: tf.Tensor): Promise<StoredTensor> {
  const data = await tensor.data();
  if (typeof data === 'string' || !(tensor.dtype in storageTypes)) {
    throw new NetworkError(
      'bad-stored-tensor',
      `cannot write tensor ${quoted(name)} of dtype ${tensor.dtype}`,
      {
        hint: 'only float32, int32 and bool tensors can be saved',
      },
    );
  }
  const dtype = storageTypes[tensor.dtype as keyof typeof storageTypes];
  return { dtype, shape: tensor.shape, data };
}

const storageTypes = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<
  string,
  StorageType
>;
