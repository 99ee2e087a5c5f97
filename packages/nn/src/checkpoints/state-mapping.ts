import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { badPattern, NamePattern } from './name-pattern.js';

/**
 * How a tensor lies in a PyTorch checkpoint relative to ours: `transpose` is Linear [O, I] to [I, O],
 * `conv3d` [O, I, kD, kH, kW] to [kD, kH, kW, I, O], `conv3dTransposed` [I, O, kD, kH, kW] to [kD, kH, kW, O,
 * I].
 */
export type Layout = 'same' | 'transpose' | 'conv3d' | 'conv3dTransposed';

/** One family of tensors: the published name, ours with the same `{holes}`, and the change of layout. */
export interface StateRule {
  readonly pattern: string;
  readonly name: string;
  readonly layout: Layout;
}

/** How the names and layouts of one published implementation turn into ours. */
export interface StateTable {
  readonly rules: readonly StateRule[];
  /** Patterns of published tensors that we have no use for, such as `{block}.num_batches_tracked`. */
  readonly ignored?: readonly string[];
}

type Shaped = { readonly shape: readonly number[] };

/**
 * Turns the tensors of a published checkpoint into ours; the caller disposes them. Given what the network
 * expects (`module.state()`), missing and misshapen tensors are found here, under their published names too.
 * @throws NetworkError `state-mismatch` listing extra, doubled, missing and misshapen tensors; nothing is
 * created then.
 */
export function mapState(
  tensors: ReadonlyMap<string, tf.Tensor>,
  table: StateTable,
  expected?: ReadonlyMap<string, Shaped>,
): Map<string, tf.Tensor> {
  const rules = table.rules.map(compile);
  const plan = planMapping(
    tensors,
    rules,
    (table.ignored ?? []).map((text) => new NamePattern(text)),
  );
  if (expected)
    plan.problems.push(...missing(plan.moves, expected, rules), ...misshapen(plan.moves, expected));
  if (plan.problems.length > 0) throw mismatch(plan.problems);
  return carryOut(plan.moves);
}

/**
 * Turns our tensors back into those of the published checkpoint, bit for bit; the caller disposes them.
 * @throws NetworkError `state-mismatch` listing tensors that no rule names.
 */
export function unmapState(
  tensors: ReadonlyMap<string, tf.Tensor>,
  table: StateTable,
): Map<string, tf.Tensor> {
  const plan = planMapping(tensors, table.rules.map(compile).map(reversed), []);
  if (plan.problems.length > 0) throw mismatch(plan.problems);
  return carryOut(plan.moves);
}

interface Rule {
  readonly from: NamePattern;
  readonly to: NamePattern;
  readonly axes: readonly number[] | undefined;
}

interface Move {
  readonly from: string;
  readonly tensor: tf.Tensor;
  readonly axes: readonly number[] | undefined;
}

const permutations: Readonly<Record<Layout, readonly number[] | undefined>> = {
  same: undefined,
  transpose: [1, 0],
  conv3d: [2, 3, 4, 1, 0],
  conv3dTransposed: [2, 3, 4, 1, 0],
};

function compile({ pattern, name, layout }: StateRule): Rule {
  const [from, to] = [new NamePattern(pattern), new NamePattern(name)];
  const same = from.holes.length === to.holes.length && from.holes.every((hole) => to.holes.includes(hole));
  if (!same) throw badPattern(pattern, `"${name}" has other holes`);
  return { from, to, axes: permutations[layout] };
}

function reversed({ from, to, axes }: Rule): Rule {
  return { from: to, to: from, axes: axes?.map((_, axis) => axes.indexOf(axis)) };
}

function planMapping(
  tensors: ReadonlyMap<string, tf.Tensor>,
  rules: readonly Rule[],
  ignored: readonly NamePattern[],
) {
  const moves = new Map<string, Move>();
  const problems: string[] = [];
  for (const [from, tensor] of tensors) {
    if (ignored.some((pattern) => pattern.match(from))) continue;
    const target = resolve(from, rules);
    if (target === undefined) problems.push(`no rule for ${from}`);
    else if (moves.has(target.name))
      problems.push(`${from} and ${moves.get(target.name)?.from} both become ${target.name}`);
    else if (target.axes && target.axes.length !== tensor.rank) {
      problems.push(`${from} has shape [${tensor.shape}], expected ${target.axes.length} axes`);
    } else moves.set(target.name, { from, tensor, axes: target.axes });
  }
  return { moves, problems };
}

function resolve(
  name: string,
  rules: readonly Rule[],
): { name: string; axes: readonly number[] | undefined } | undefined {
  for (const { from, to, axes } of rules) {
    const values = from.match(name);
    if (values) return { name: to.fill(values), axes };
  }
  return undefined;
}

function missing(
  moves: ReadonlyMap<string, Move>,
  expected: ReadonlyMap<string, Shaped>,
  rules: readonly Rule[],
): string[] {
  const absent = [...expected.keys()].filter((name) => !moves.has(name));
  const back = rules.map(reversed);
  return absent.map(
    (name) => `${name} is missing (published as ${resolve(name, back)?.name ?? 'nothing: no rule names it'})`,
  );
}

function misshapen(moves: ReadonlyMap<string, Move>, expected: ReadonlyMap<string, Shaped>): string[] {
  return [...moves].flatMap(([name, { from, tensor, axes }]) => {
    const wanted = expected.get(name)?.shape;
    if (wanted === undefined) return [`${from} becomes ${name}, which the network does not have`];
    const shape = axes ? axes.map((axis) => tensor.shape[axis]) : tensor.shape;
    return shape.join() === wanted.join()
      ? []
      : [`${from} becomes ${name} of shape [${shape}], expected [${wanted}]`];
  });
}

function carryOut(moves: ReadonlyMap<string, Move>): Map<string, tf.Tensor> {
  return new Map(
    [...moves].map(([name, { tensor, axes }]) => [
      name,
      axes ? tf.transpose(tensor, [...axes]) : tf.clone(tensor),
    ]),
  );
}

function mismatch(problems: readonly string[]): NetworkError {
  const shown =
    problems.length > 40 ? [...problems.slice(0, 40), `and ${problems.length - 40} more`] : problems;
  return new NetworkError(
    'state-mismatch',
    `the checkpoint does not fit the mapping table: ${shown.join('; ')}`,
    {
      kind: 'data',
      hint: 'choose the table and the configuration of the network the checkpoint was made with',
    },
  );
}
