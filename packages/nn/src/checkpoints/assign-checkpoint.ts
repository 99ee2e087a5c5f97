import * as tf from '@tensorflow/tfjs-core';
import type { Module } from '../module.js';
import { type LeftOut, mapFittingState, mismatch, type StateTable } from './state-mapping.js';
import type { StoredTensor } from './storage-types.js';
import { toTensor } from './tensors.js';

export interface AssignOptions {
  /** Names and layouts of the implementation that the checkpoint comes from. Default: our names. */
  readonly table?: StateTable;
  /** A beginning of names that is taken off where it is, such as 'module.' of a network trained on several GPUs. */
  readonly prefix?: string;
  /** Assigns what fits and returns the rest by name, instead of refusing a checkpoint that does not fit in full. Default false. */
  readonly partial?: boolean;
}

/**
 * Assigns the tensors of a checkpoint to the network's of the same names, and returns what was left out; that is nothing unless `partial`.
 * @throws NetworkError `state-mismatch` listing missing, extra and misshapen tensors by name; nothing is assigned then.
 */
export function assignCheckpoint(
  network: Module,
  tensors: ReadonlyMap<string, StoredTensor>,
  { table, prefix = '', partial = false }: AssignOptions = {},
): LeftOut {
  return tf.tidy(() => {
    const named = [...tensors].map(
      ([name, stored]) => [withoutPrefix(name, prefix), toTensor(name, stored)] as const,
    );
    const expected = network.state();
    const { state, leftOut, problems } = mapFittingState(new Map(named), table, expected);
    if (problems.length > 0 && !partial) throw mismatch(problems);
    for (const [name, value] of state) expected.get(name)?.assign(value as tf.Tensor<tf.Rank>);
    return leftOut;
  });
}

function withoutPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
