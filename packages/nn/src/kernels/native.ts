import * as tf from '@tensorflow/tfjs-core';

/** The part of the native backend that runs any operation TensorFlow has registered, also those TensorFlow.js has no name for. */
interface NativeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeSingleOutput(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.Tensor[],
    outputCount: number,
  ): tf.Tensor[];
}

/** An attribute as the addon takes it. */
interface Attribute {
  readonly name: string;
  readonly type: number | undefined;
  readonly value: unknown;
}

/** Attribute values with the kind TensorFlow expects. */
export type AttributeValue =
  | { readonly float: number }
  | { readonly int: number | readonly number[] }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly type: 'float32' | 'int32' };

/** Whether the native TensorFlow backend computes; a kernel then takes its fast path. */
export function isNative(): boolean {
  return tf.getBackend() === 'tensorflow';
}

/** Runs one TensorFlow operation by its registered name; gradients are the caller's business (`tf.customGrad`). */
export function runNative(
  name: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  inputs: readonly tf.Tensor[],
): tf.Tensor {
  const backend = nativeBackend();
  return backend.executeSingleOutput(name, encode(backend, attributes), inputs);
}

/** The same for an operation of several outputs. */
export function runNativeMany(
  name: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  inputs: readonly tf.Tensor[],
  outputCount: number,
): tf.Tensor[] {
  const backend = nativeBackend();
  return backend.executeMultipleOutputs(name, encode(backend, attributes), inputs, outputCount);
}

function nativeBackend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

function encode(backend: NativeBackend, attributes: Readonly<Record<string, AttributeValue>>): Attribute[] {
  return Object.entries(attributes).map(([name, value]) => ({
    name,
    ...encodeValue(backend.binding, value),
  }));
}

function encodeValue(
  kinds: Readonly<Record<string, number>>,
  value: AttributeValue,
): Omit<Attribute, 'name'> {
  if ('float' in value) return { type: kinds['TF_ATTR_FLOAT'], value: value.float };
  if ('int' in value) return { type: kinds['TF_ATTR_INT'], value: value.int };
  if ('bool' in value) return { type: kinds['TF_ATTR_BOOL'], value: value.bool };
  if ('string' in value) return { type: kinds['TF_ATTR_STRING'], value: value.string };
  return {
    type: kinds['TF_ATTR_TYPE'],
    value: value.type === 'float32' ? kinds['TF_FLOAT'] : kinds['TF_INT32'],
  };
}
