import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from './errors.js';

/** Something a module may hold in a field and that takes part in the walk over its parameters. */
type Member = tf.Variable | Module | readonly Member[] | unknown;

/**
 * A part of a network whose parameters and child modules are its fields.
 * Walking the fields yields every parameter under a dotted name in a stable order, so that one that is not reachable cannot be trained,
 * saved or forgotten.
 */
export abstract class Module {
  /** Every tensor of this module and its children, parameters and buffers, by dotted name in the order of the fields. */
  state(): Map<string, tf.Variable> {
    const found = new Map<string, tf.Variable>();
    const seen = new Set<tf.Variable>();
    walk(this, '', (name, variable) => {
      if (seen.has(variable)) return;
      seen.add(variable);
      found.set(name, variable);
    });
    return found;
  }

  /** The trainable part of `state()`; what an optimiser is given. */
  parameters(): Map<string, tf.Variable> {
    return new Map([...this.state()].filter(([, variable]) => variable.trainable));
  }

  /** Second and further names under which a shared tensor is reachable: alias to the name in `state()`. */
  aliases(): Map<string, string> {
    const names = new Map<tf.Variable, string>();
    const aliases = new Map<string, string>();
    walk(this, '', (name, variable) => {
      const first = names.get(variable);
      if (first === undefined) names.set(variable, name);
      else aliases.set(name, first);
    });
    return aliases;
  }

  /** How many numbers the parameters hold; buffers such as running statistics do not count. */
  parameterCount(): number {
    let count = 0;
    for (const variable of this.parameters().values()) count += variable.size;
    return count;
  }

  /** Frees every tensor of the module; it cannot be used afterwards. */
  dispose(): void {
    for (const variable of this.state().values()) variable.dispose();
  }
}

/** A trainable tensor with this initial value, which it takes over. */
export function parameter(initial: tf.Tensor): tf.Variable {
  const variable = tf.variable(initial, true);
  initial.dispose();
  return variable;
}

/** A tensor that is saved with the module but never trained, such as a running mean. */
export function buffer(initial: tf.Tensor): tf.Variable {
  const variable = tf.variable(initial, false);
  initial.dispose();
  return variable;
}

/**
 * Assigns the given values to the module's tensors of the same names.
 * @throws NetworkError `state-mismatch` naming missing, unknown and misshapen tensors; nothing is assigned then.
 */
export function loadState(module: Module, values: ReadonlyMap<string, tf.Tensor>): void {
  const state = module.state();
  const missing = [...state.keys()].filter((name) => !values.has(name));
  const unknown = [...values.keys()].filter((name) => !state.has(name));
  const misshapen = [...state].flatMap(([name, variable]) => {
    const value = values.get(name);
    return value && !sameShape(value, variable)
      ? [`${name} is [${value.shape}], expected [${variable.shape}]`]
      : [];
  });
  if (missing.length + unknown.length + misshapen.length > 0) throw mismatch(missing, unknown, misshapen);
  for (const [name, variable] of state) {
    const value = values.get(name);
    if (value) variable.assign(value as tf.Tensor<tf.Rank>);
  }
}

function mismatch(missing: string[], unknown: string[], misshapen: string[]): NetworkError {
  const parts = [
    missing.length > 0 ? `missing: ${missing.join(', ')}` : '',
    unknown.length > 0 ? `not in the network: ${unknown.join(', ')}` : '',
    misshapen.length > 0 ? `wrong shape: ${misshapen.join('; ')}` : '',
  ];
  return new NetworkError(
    'state-mismatch',
    `the weights do not fit the network (${parts.filter(Boolean).join('; ')})`,
    {
      kind: 'data',
      hint: 'build the network with the configuration the weights were saved with',
    },
  );
}

function sameShape(a: tf.Tensor, b: tf.Tensor): boolean {
  return a.shape.length === b.shape.length && a.shape.every((side, axis) => side === b.shape[axis]);
}

function walk(member: Member, name: string, visit: (name: string, variable: tf.Variable) => void): void {
  if (member instanceof tf.Variable) visit(name, member);
  else if (Array.isArray(member)) {
    for (const [index, item] of member.entries()) walk(item, join(name, String(index)), visit);
  } else if (member instanceof Module) {
    for (const [key, value] of Object.entries(member)) walk(value, join(name, key), visit);
  }
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
