import * as tf from '@tensorflow/tfjs-core';
import { badPattern, NamePattern } from './name-pattern.js';

/** A second published name of a tensor: modules that hold a part twice save it twice. Both patterns have the same `{holes}`. */
export interface DuplicateRule {
  readonly pattern: string;
  /** The name that a rule of the table knows. */
  readonly of: string;
}

/** The tensors under first names only, and second names that hold something else than their first ones. */
export function mergeDuplicates(
  tensors: ReadonlyMap<string, tf.Tensor>,
  duplicates: readonly DuplicateRule[],
): { tensors: ReadonlyMap<string, tf.Tensor>; problems: string[] } {
  const patterns = duplicates.map(compile);
  const merged = new Map<string, tf.Tensor>();
  const problems: string[] = [];
  for (const [name, tensor] of tensors) {
    const first = firstName(name, patterns);
    const known = tensors.get(first) ?? merged.get(first);
    if (known === undefined || first === name) merged.set(first, tensor);
    else if (!isSame(known, tensor)) problems.push(`${name} differs from ${first}, which it repeats`);
  }
  return { tensors: merged, problems };
}

/** The tensors under their second names too. */
export function repeatDuplicates(
  tensors: ReadonlyMap<string, tf.Tensor>,
  duplicates: readonly DuplicateRule[],
): Map<string, tf.Tensor> {
  const patterns = duplicates.map(compile);
  const repeated = new Map(tensors);
  for (const [name, tensor] of tensors) {
    for (const { second, first } of patterns) {
      const values = first.match(name);
      if (values) repeated.set(second.fill(values), tf.clone(tensor));
    }
  }
  return repeated;
}

interface Duplicate {
  readonly second: NamePattern;
  readonly first: NamePattern;
}

function compile({ pattern, of }: DuplicateRule): Duplicate {
  const [second, first] = [new NamePattern(pattern), new NamePattern(of)];
  const same =
    second.holes.length === first.holes.length && second.holes.every((hole) => first.holes.includes(hole));
  if (!same) throw badPattern(pattern, `"${of}" has other holes`);
  return { second, first };
}

function firstName(name: string, duplicates: readonly Duplicate[]): string {
  for (const { second, first } of duplicates) {
    const values = second.match(name);
    if (values) return first.fill(values);
  }
  return name;
}

/** Bit for bit, so that a NaN equals itself. */
function isSame(a: tf.Tensor, b: tf.Tensor): boolean {
  if (a === b) return true;
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  const [left, right] = [a.dataSync(), b.dataSync()];
  return left.every((value, index) => Object.is(value, right[index]));
}
