import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from './errors.js';
import { release, Tape, type TapeNode } from './tape.js';

/** A value and its derivatives, in the order of what it was differentiated by; undefined where it does not depend on it. */
export interface Differentiated {
  readonly value: tf.Tensor;
  readonly gradients: readonly (tf.Tensor | undefined)[];
}

/**
 * Reverse-mode differentiation of `objective` by the tensors `at`, as `tf.grads` and `tf.variableGrads` do it, but each
 * activation and each gradient is freed as soon as nothing needs it any more; those keep all of them to the end, which in
 * a deep network is most of the memory of a step. `dy` weighs the value's elements (default 1). May run inside another
 * differentiation. The caller disposes the results. Throws `no-gradient` for an operation that has none.
 */
export function differentiate(
  objective: () => tf.Tensor,
  at: readonly tf.Tensor[],
  dy?: tf.Tensor,
): Differentiated {
  let gradients: readonly (tf.Tensor | undefined)[] = [];
  // A scope of its own, so that nothing stays behind when something throws.
  const [value] = tf.tidy(() => {
    const { value, tape } = record(objective);
    gradients = walkBack(tape, at, value, dy);
    return [value, ...gradients.filter((gradient) => gradient !== undefined)];
  });
  return { value: value as tf.Tensor, gradients };
}

function walkBack(
  tape: readonly TapeNode[],
  at: readonly tf.Tensor[],
  value: tf.Tensor,
  dy: tf.Tensor | undefined,
): (tf.Tensor | undefined)[] {
  try {
    const needed = onTheWay(tape, at, value);
    for (const node of tape) if (!needed.has(node)) release(node);
    const gradients = new Map([[value.id, dy ? tf.clone(dy) : tf.onesLike(value)]]);
    const wanted = new Set(at.map(({ id }) => id));
    for (const node of tape.toReversed())
      if (needed.has(node)) backPropagate(node, needed, gradients, wanted);
    return at.map(({ id }) => gradients.get(id));
  } finally {
    for (const node of tape) release(node);
  }
}

/** Gradients of a scalar by variables, under their names in the map. Throws as `differentiate`. */
export function variableGradients(
  objective: () => tf.Scalar,
  variables: ReadonlyMap<string, tf.Variable>,
): { value: tf.Scalar; gradients: Map<string, tf.Tensor> } {
  const { value, gradients } = differentiate(objective, [...variables.values()]);
  const named = [...variables.keys()].map((name, index) => [name, gradients[index]] as const);
  return {
    value: value as tf.Scalar,
    gradients: new Map(named.filter((entry): entry is [string, tf.Tensor] => entry[1] !== undefined)),
  };
}

/** Runs the objective with a tape of its own; one that is being kept already is put aside for as long. */
function record(objective: () => tf.Tensor): { value: tf.Tensor; tape: readonly TapeNode[] } {
  const { state } = tf.engine();
  const outer = { activeTape: state.activeTape, gradientDepth: state.gradientDepth };
  Object.assign(state, { activeTape: new Tape(), gradientDepth: 1 });
  try {
    const value = tf.tidy(objective);
    return { value, tape: tapeOf(state) };
  } catch (error) {
    for (const node of tapeOf(state)) release(node);
    throw error;
  } finally {
    Object.assign(state, outer);
  }
}

function tapeOf({ activeTape }: { activeTape: unknown }): readonly TapeNode[] {
  return activeTape as readonly TapeNode[];
}

/** The operations between `at` and `value`, each with the names of the inputs that gradients must reach. */
function onTheWay(
  tape: readonly TapeNode[],
  at: readonly tf.Tensor[],
  value: tf.Tensor,
): ReadonlyMap<TapeNode, readonly string[]> {
  const depends = new Set(at.map(({ id }) => id));
  const inputsOf = new Map<TapeNode, readonly string[]>();
  for (const node of tape) {
    const names = Object.keys(node.inputs).filter((name) => depends.has(node.inputs[name]?.id as number));
    if (names.length === 0) continue;
    inputsOf.set(node, names);
    for (const { id } of node.outputs) depends.add(id);
  }
  const leads = new Set([value.id]);
  const needed = new Map<TapeNode, readonly string[]>();
  for (const node of tape.toReversed()) {
    const names = inputsOf.get(node);
    if (names === undefined || !node.outputs.some(({ id }) => leads.has(id))) continue;
    needed.set(node, names);
    for (const name of names) leads.add(node.inputs[name]?.id as number);
  }
  return needed;
}

/** From the gradients of an operation's outputs to those of its inputs; the former, and what it saved, are then freed. */
function backPropagate(
  node: TapeNode,
  needed: ReadonlyMap<TapeNode, readonly string[]>,
  gradients: Map<number, tf.Tensor>,
  wanted: ReadonlySet<number>,
): void {
  const names = needed.get(node) ?? [];
  const dys = node.outputs.map(({ id }) => gradients.get(id) ?? null);
  const dxs = tf.tidy(() => inputGradients(node, names, dys));
  for (const { id } of node.outputs) if (!wanted.has(id)) free(id, gradients);
  release(node);
  for (const [index, name] of names.entries()) {
    accumulate(node.inputs[name]?.id as number, dxs[index] as tf.Tensor, gradients);
  }
}

/** Each a tensor of its own: what a gradient function hands through would otherwise be freed under another's feet. */
function inputGradients(node: TapeNode, names: readonly string[], dys: (tf.Tensor | null)[]): tf.Tensor[] {
  if (node.gradient === undefined) throw withoutGradient(node.kernelName);
  const functions = node.gradient(dys);
  const seen = new Set<tf.Tensor | null>(dys);
  return names.map((name) => {
    const dx = (functions[name] as () => tf.Tensor)();
    const own = seen.has(dx) ? tf.clone(dx) : dx;
    seen.add(own);
    return own;
  });
}

function accumulate(id: number, dx: tf.Tensor, gradients: Map<number, tf.Tensor>): void {
  const before = gradients.get(id);
  gradients.set(id, before === undefined ? dx : tf.add(before, dx));
  if (before !== undefined) tf.dispose([before, dx]);
}

function free(id: number, gradients: Map<number, tf.Tensor>): void {
  gradients.get(id)?.dispose();
  gradients.delete(id);
}

function withoutGradient(kernel: string): NetworkError {
  return new NetworkError('no-gradient', `the operation ${kernel} has no gradient`, {
    hint: 'write it with operations that have one, or give it one by tf.customGrad',
    kind: 'internal',
  });
}
