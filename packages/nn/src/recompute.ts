import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from './errors.js';
import { differentiate } from './gradients.js';
import type { Module } from './module.js';

/** A module with `forward(...)` from tensors, and whatever else it takes, to one tensor. */
export type Recomputable = Module & { forward(...args: never[]): tf.Tensor };

/**
 * Makes a module trade time for memory: a training pass keeps its inputs only, and what lies between is computed again when gradients are
 * taken. Values, gradients and running statistics are those of the module as it was, to the last bit: randomness comes from the context,
 * and buffers are put back to what they were for the second computation and left as the first one made them. Names of parameters do not
 * change. A pass in evaluation (a context with `training: false`) is left alone. (Chen et al. 2016, arXiv 1604.06174.)
 * @returns the module itself
 * @throws NetworkError `unused-parameter` when gradients are taken and a parameter of the module took no part
 */
export function recompute<M extends Recomputable>(module: M): M {
  if (recomputed.has(module)) return module;
  recomputed.add(module);
  const forward = module.forward.bind(module) as (...args: unknown[]) => tf.Tensor;
  const value = (...args: unknown[]): tf.Tensor =>
    args.some(isEvaluation) ? forward(...args) : runTwice(module, forward, args);
  Object.defineProperty(module, 'forward', { value, configurable: true });
  return module;
}

const recomputed = new WeakSet<Module>();

function isEvaluation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'training' in value && value.training === false;
}

/** One node on the tape, with inputs and parameters going in by name: what it captured would get no gradient. */
function runTwice(
  module: Module,
  forward: (...args: unknown[]) => tf.Tensor,
  args: readonly unknown[],
): tf.Tensor {
  const tensors = tensorsOf(args);
  // A list may have grown by the time gradients are taken.
  const kept = replaced(args, tensors);
  const parameters = module.parameters();
  const buffers = [...module.state().values()].filter(({ trainable }) => !trainable);
  const kernel = tf.customGrad((...given) => {
    const save = given.at(-1) as tf.GradSaveFunc;
    save([...tensors, ...buffers]);
    return {
      value: forward(...args),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const inputs = saved.slice(0, tensors.length);
        const before = saved.slice(tensors.length);
        const run = () => withValues(buffers, before, () => forward(...replaced(kept, inputs)));
        const gradients = differentiate(run, [...inputs, ...parameters.values()], dy).gradients;
        return checked(gradients, inputs, [...parameters.keys()]);
      },
    };
  });
  return kernel(...tensors, ...parameters.values());
}

/** The tensors among the arguments, also those in arrays. */
function tensorsOf(value: unknown): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  return Array.isArray(value) ? value.flatMap((each: unknown) => tensorsOf(each)) : [];
}

/** The arguments with their tensors, in order, replaced. */
function replaced(args: readonly unknown[], tensors: readonly tf.Tensor[]): unknown[] {
  const rest = [...tensors];
  const exchange = (value: unknown): unknown => {
    if (value instanceof tf.Tensor) return rest.shift();
    return Array.isArray(value) ? value.map(exchange) : value;
  };
  return args.map(exchange);
}

/** Runs with the buffers at these values, and gives them back the ones they had. */
function withValues(
  buffers: readonly tf.Variable[],
  values: readonly tf.Tensor[],
  run: () => tf.Tensor,
): tf.Tensor {
  const current = buffers.map((buffer) => tf.clone(buffer as tf.Tensor));
  const assign = (to: readonly tf.Tensor[]) =>
    buffers.forEach((buffer, index) => void buffer.assign(to[index] as tf.Tensor<tf.Rank>));
  try {
    assign(values);
    return run();
  } finally {
    assign(current);
  }
}

/** An input that took no part has a gradient of zero; for a parameter that would hide a fault. */
function checked(
  gradients: readonly (tf.Tensor | undefined)[],
  inputs: readonly tf.Tensor[],
  names: readonly string[],
): tf.Tensor[] {
  return gradients.map((gradient, index) => {
    const input = inputs[index];
    if (gradient) return gradient;
    if (input) return tf.zerosLike(input);
    const name = names[index - inputs.length];
    throw new NetworkError(
      'unused-parameter',
      `parameter ${name} of a recomputed module takes no part in its output`,
      {
        hint: 'leave it out of the module, or set its trainable to false',
        kind: 'internal',
      },
    );
  });
}
