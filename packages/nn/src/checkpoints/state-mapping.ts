import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { type DuplicateRule, mergeDuplicates, repeatDuplicates } from './duplicates.js';
import { badPattern, NamePattern } from './name-pattern.js';

/**
 * How a tensor lies in a PyTorch checkpoint relative to ours: `transpose` is Linear [O, I] to [I, O],
 * `conv2d` [O, I, kH, kW] to [kH, kW, I, O], `conv3d` [O, I, kD, kH, kW] to [kD, kH, kW, I, O], `conv2dTransposed`
 * and `conv3dTransposed` the same with I and O changed, `conv3dDepthLast` [O, I, kH, kW, kD] to [kD, kH, kW, I, O], of networks that turn their
 * images round.
 */
export type Layout =
  | 'same'
  | 'transpose'
  | 'conv2d'
  | 'conv2dTransposed'
  | 'conv3d'
  | 'conv3dTransposed'
  | 'conv3dDepthLast';

/** One family of tensors: the published name, ours with the same `{holes}`, and the change of layout. */
export interface StateRule {
  readonly pattern: string;
  readonly name: string;
  readonly layout: Layout;
}

/** How the names and layouts of one published implementation turn into ours. */
export interface StateTable {
  readonly rules: readonly StateRule[];
  /**
   * Second names. Read, each must hold what its first name holds, or stands in for it where only the second is there; written, both get the
   * tensor.
   */
  readonly duplicates?: readonly DuplicateRule[];
  /** Patterns of published tensors that we have no use for, such as `{block}.num_batches_tracked`. */
  readonly ignored?: readonly string[];
  /** Published tensors that follow from the architecture and hold nothing learned, by name: made anew when written. `ignored` lists them too. */
  readonly constants?: ReadonlyMap<string, () => tf.Tensor>;
}

type Shaped = { readonly shape: readonly number[]; readonly dtype?: tf.DataType };

/** What of a checkpoint and a network does not go together. A type, not an interface, so that `tf.tidy` may return it. */
export type LeftOut = {
  /** Tensors of the network that the checkpoint lacks, by our names. */
  readonly missing: string[];
  /** Tensors of the checkpoint that the network has no place for, by their names there. */
  readonly extra: string[];
  /** Tensors of the checkpoint with another shape or type than the network's, by their names there. */
  readonly misshapen: string[];
};

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
  const plan = planState(tensors, table, expected);
  const problems = [...plan.contradictions, ...plan.extra, ...plan.missing, ...plan.misshapen];
  if (problems.length > 0) throw mismatch(problems.map(({ message }) => message));
  return carryOut(plan.moves);
}

/**
 * The same for what fits, with what was left out, by name and in words. Without a table the tensors have our names.
 * @throws NetworkError `state-mismatch` where two tensors contradict each other
 */
export function mapFittingState(
  tensors: ReadonlyMap<string, tf.Tensor>,
  table: StateTable | undefined,
  expected: ReadonlyMap<string, Shaped>,
): { state: Map<string, tf.Tensor>; leftOut: LeftOut; problems: string[] } {
  const plan = planState(tensors, table, expected);
  if (plan.contradictions.length > 0) throw mismatch(plan.contradictions.map(({ message }) => message));
  const [missing, extra, misshapen] = [plan.missing, plan.extra, plan.misshapen].map((problems) =>
    problems.map(({ name }) => name),
  ) as [string[], string[], string[]];
  const unfit = new Set([...extra, ...misshapen]);
  const fitting = new Map([...plan.moves].filter(([, { from }]) => !unfit.has(from)));
  const problems = [...plan.extra, ...plan.missing, ...plan.misshapen].map(({ message }) => message);
  return { state: carryOut(fitting), leftOut: { missing, extra, misshapen }, problems };
}

/**
 * Turns our tensors back into those of the published checkpoint, bit for bit, second names included; the caller disposes them.
 * @throws NetworkError `state-mismatch` listing tensors that no rule names.
 */
export function unmapState(
  tensors: ReadonlyMap<string, tf.Tensor>,
  table: StateTable,
): Map<string, tf.Tensor> {
  const plan = planMapping(tensors, resolver(table.rules.map(compile).map(reversed)), []);
  const problems = [...plan.contradictions, ...plan.extra, ...plan.misshapen];
  if (problems.length > 0) throw mismatch(problems.map(({ message }) => message));
  const published = repeatDuplicates(carryOut(plan.moves), table.duplicates ?? []);
  for (const [name, make] of table.constants ?? []) published.set(name, make());
  return published;
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
  conv2d: [2, 3, 1, 0],
  conv2dTransposed: [2, 3, 1, 0],
  conv3d: [2, 3, 4, 1, 0],
  conv3dTransposed: [2, 3, 4, 1, 0],
  conv3dDepthLast: [4, 2, 3, 1, 0],
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

interface Problem {
  readonly name: string;
  readonly message: string;
}

interface Plan {
  readonly moves: ReadonlyMap<string, Move>;
  readonly extra: readonly Problem[];
  readonly misshapen: readonly Problem[];
  /** What cannot be mended by leaving something out. */
  readonly contradictions: readonly Problem[];
}

function planState(
  tensors: ReadonlyMap<string, tf.Tensor>,
  table: StateTable | undefined,
  expected: ReadonlyMap<string, Shaped> | undefined,
): Plan & { readonly missing: readonly Problem[] } {
  const rules = (table?.rules ?? []).map(compile);
  const single = mergeDuplicates(tensors, table?.duplicates ?? []);
  const ignored = (table?.ignored ?? []).map((text) => new NamePattern(text));
  const plan = planMapping(single.tensors, table ? resolver(rules) : sameName, ignored);
  const contradictions = [
    ...plan.contradictions,
    ...single.problems.map((message) => ({ name: '', message })),
  ];
  if (expected === undefined) return { ...plan, contradictions, missing: [] };
  const published = table ? resolver(rules.map(reversed)) : undefined;
  return {
    moves: plan.moves,
    contradictions,
    extra: [...plan.extra, ...unexpected(plan.moves, expected, table !== undefined)],
    misshapen: [...plan.misshapen, ...misshapen(plan.moves, expected)],
    missing: missing(plan, expected, published),
  };
}

type Resolve = (name: string) => { name: string; axes: readonly number[] | undefined } | undefined;

function resolver(rules: readonly Rule[]): Resolve {
  return (name) => {
    for (const { from, to, axes } of rules) {
      const values = from.match(name);
      if (values) return { name: to.fill(values), axes };
    }
    return undefined;
  };
}

const sameName: Resolve = (name) => ({ name, axes: undefined });

function planMapping(
  tensors: ReadonlyMap<string, tf.Tensor>,
  resolve: Resolve,
  ignored: readonly NamePattern[],
): Plan {
  const moves = new Map<string, Move>();
  const [extra, misshapen, contradictions]: [Problem[], Problem[], Problem[]] = [[], [], []];
  for (const [from, tensor] of tensors) {
    if (ignored.some((pattern) => pattern.match(from))) continue;
    const target = resolve(from);
    const other = moves.get(target?.name ?? '')?.from;
    if (target === undefined) extra.push({ name: from, message: `no rule for ${from}` });
    else if (other !== undefined)
      contradictions.push({ name: from, message: `${from} and ${other} both become ${target.name}` });
    else if (target.axes && target.axes.length !== tensor.rank) {
      const message = `${from} has shape [${tensor.shape}], expected ${target.axes.length} axes`;
      misshapen.push({ name: from, message });
    } else moves.set(target.name, { from, tensor, axes: target.axes });
  }
  return { moves, extra, misshapen, contradictions };
}

function missing(
  plan: Plan,
  expected: ReadonlyMap<string, Shaped>,
  published: Resolve | undefined,
): Problem[] {
  const absent = [...expected.keys()].filter((name) => !plan.moves.has(name));
  return absent.map((name) => {
    const theirs = published && (published(name)?.name ?? 'nothing: no rule names it');
    return { name, message: `${name} is missing${theirs ? ` (published as ${theirs})` : ''}` };
  });
}

function unexpected(
  moves: ReadonlyMap<string, Move>,
  expected: ReadonlyMap<string, Shaped>,
  hasTable: boolean,
): Problem[] {
  const unknown = [...moves].filter(([name]) => !expected.has(name));
  return unknown.map(([name, { from }]) => ({
    name: from,
    message: `${from}${hasTable ? ` becomes ${name}, which the network does not have` : ' is not in the network'}`,
  }));
}

function misshapen(moves: ReadonlyMap<string, Move>, expected: ReadonlyMap<string, Shaped>): Problem[] {
  return [...moves].flatMap(([name, { from, tensor, axes }]) => {
    const wanted = expected.get(name);
    if (wanted === undefined) return [];
    const shape = axes ? axes.map((axis) => tensor.shape[axis]) : tensor.shape;
    const sameType = wanted.dtype === undefined || wanted.dtype === tensor.dtype;
    if (sameType && shape.join() === wanted.shape.join()) return [];
    const what = from === name ? `${from} is` : `${from} becomes ${name}`;
    const found = sameType ? `of shape [${shape}]` : `${tensor.dtype} [${shape}]`;
    const needed = sameType ? `[${wanted.shape}]` : `${wanted.dtype} [${wanted.shape}]`;
    return [{ name: from, message: `${what} ${found}, expected ${needed}` }];
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

/** The error that lists what does not fit. */
export function mismatch(problems: readonly string[]): NetworkError {
  const shown =
    problems.length > 40 ? [...problems.slice(0, 40), `and ${problems.length - 40} more`] : problems;
  return new NetworkError('state-mismatch', `the checkpoint does not fit: ${shown.join('; ')}`, {
    kind: 'data',
    hint: 'choose the table and the configuration of the network the checkpoint was made with',
  });
}
