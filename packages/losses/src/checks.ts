import type * as tf from '@tensorflow/tfjs-core';
import { LossError } from './errors.js';

export function badShape(what: string, wanted: string, got: readonly number[]): LossError {
  return new LossError('bad-shape', `${what} must have shape ${wanted}, got [${got.join(', ')}]`, {
    hint: `check what is passed as ${what}; the class or vector axis is the last one`,
  });
}

export function badOption(name: string, wanted: string, got: unknown): LossError {
  return new LossError('bad-option', `${name} must be ${wanted}, got ${String(got)}`, {
    hint: `change ${name}`,
  });
}

/** The shape of a tensor that must have this many axes. */
export function shapeOf(what: string, tensor: tf.Tensor, axes: string): number[] {
  const rank = axes.split(',').length;
  if (tensor.rank !== rank) throw badShape(what, `[${axes}]`, tensor.shape);
  return tensor.shape;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, axis) => side === b[axis]);
}

export function requirePositive(name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) throw badOption(name, 'a positive number', value);
}

export function requireNonNegative(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) throw badOption(name, 'a number of at least 0', value);
}

/** One weight for each class. */
export function requireWeights(name: string, weights: readonly number[], classes: number): void {
  if (weights.length !== classes || !weights.every((weight) => Number.isFinite(weight) && weight >= 0)) {
    throw badOption(name, `${classes} numbers of at least 0, one for each class`, `[${weights.join(', ')}]`);
  }
}
