import * as tf from '@tensorflow/tfjs-core';
import { NetworkError } from '../errors.js';
import { ParameterGroup } from './parameter-group.js';

export interface AdamWOptions {
  /** Part of a parameter that a step at learning rate 1 would remove. */
  readonly weightDecay: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** The parameters, by name, that do not decay. */
  readonly noDecay?: (name: string) => boolean;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), as PyTorch computes it:
 * p <- p - lr wd p - lr m' / (sqrt(v') + epsilon), m' and v' being the bias-corrected moments.
 */
export class AdamW {
  readonly #groups: readonly ParameterGroup[];
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  #steps = 0;

  /** @throws NetworkError `bad-option` */
  constructor(parameters: ReadonlyMap<string, tf.Variable>, options: AdamWOptions) {
    const { weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, noDecay = () => false } = options;
    requireBetween('weightDecay', weightDecay, 0, Number.MAX_VALUE);
    requireBetween('beta1', beta1, 0, 1);
    requireBetween('beta2', beta2, 0, 1);
    requireBetween('epsilon', epsilon, 0, Number.MAX_VALUE);
    // The betas that float32 arithmetic uses, so that the bias correction belongs to them and not to their
    // decimal names.
    this.#beta1 = Math.fround(beta1);
    this.#beta2 = Math.fround(beta2);
    this.#epsilon = epsilon;
    const constants = { beta1: this.#beta1, beta2: this.#beta2 };
    const decaying = new Map([...parameters].filter(([name]) => !noDecay(name)));
    const steady = new Map([...parameters].filter(([name]) => noDecay(name)));
    const groups = (of: ReadonlyMap<string, tf.Variable>, decay: number) =>
      together(of).map((members) => new ParameterGroup(members, decay, constants));
    this.#groups = [...groups(decaying, weightDecay), ...groups(steady, 0)];
  }

  /** How many steps have been taken. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * Moves every parameter against its gradient; the gradients are not disposed.
   * @throws NetworkError `bad-gradients` naming parameters without gradient, gradients without parameter and
   * misshapen ones; nothing has moved then.
   */
  step(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number): void {
    requireBetween('the learning rate', learningRate, 0, Number.MAX_VALUE);
    this.#check('gradient', gradients, (name) => name);
    this.#steps += 1;
    const correction1 = 1 - this.#beta1 ** this.#steps;
    const correction2 = Math.sqrt(1 - this.#beta2 ** this.#steps);
    const rates = { rate: (learningRate * correction2) / correction1, epsilon: this.#epsilon * correction2 };
    for (const group of this.#groups)
      group.step(
        pick(gradients, group, (name) => name),
        learningRate,
        rates,
      );
  }

  /**
   * `steps` (int32), and `first.<name>` and `second.<name>` for each parameter: all a resumed run needs. The
   * caller disposes the tensors.
   */
  state(): Map<string, tf.Tensor> {
    const state = new Map<string, tf.Tensor>([['steps', tf.scalar(this.#steps, 'int32')]]);
    for (const group of this.#groups) {
      const { first, second } = group.moments();
      for (const [name, tensor] of first) state.set(firstName(name), tensor);
      for (const [name, tensor] of second) state.set(secondName(name), tensor);
    }
    return state;
  }

  /**
   * Continues from a state; the tensors are not disposed.
   * @throws NetworkError `bad-optimiser-state` naming what is missing, unknown or misshapen; nothing is
   * changed then.
   */
  loadState(state: ReadonlyMap<string, tf.Tensor>): void {
    const steps = state.get('steps')?.dataSync()[0];
    if (steps === undefined) throw failure('optimiser state', ['steps is missing']);
    const first = new Map([...state].filter(([name]) => name.startsWith(firstName(''))));
    const second = new Map([...state].filter(([name]) => name.startsWith(secondName(''))));
    this.#check('optimiser state', first, firstName);
    this.#check('optimiser state', second, secondName);
    const others = [...state.keys()].filter(
      (name) => name !== 'steps' && !first.has(name) && !second.has(name),
    );
    if (others.length > 0)
      throw failure(
        'optimiser state',
        others.map((name) => `${name} is unknown`),
      );
    for (const group of this.#groups)
      group.load(pick(first, group, firstName), pick(second, group, secondName));
    this.#steps = steps;
  }

  /** Frees the moments; the parameters stay. */
  dispose(): void {
    for (const group of this.#groups) group.dispose();
  }

  #check(kind: Checked, values: ReadonlyMap<string, tf.Tensor>, key: (name: string) => string): void {
    const shapes = new Map(
      this.#groups.flatMap((group) =>
        group.names.map((name, index) => [key(name), group.shapes[index]] as const),
      ),
    );
    const problems = [...shapes].flatMap(([name, shape]) => {
      const value = values.get(name);
      if (value === undefined) return [`${name} is missing`];
      return value.shape.join() === shape?.join()
        ? []
        : [`${name} has shape [${value.shape}], expected [${shape}]`];
    });
    const unknown = [...values.keys()]
      .filter((name) => !shapes.has(name))
      .map((name) => `${name} is unknown`);
    if (problems.length + unknown.length > 0) throw failure(kind, [...problems, ...unknown]);
  }
}

/** From this number of elements on, a parameter is updated alone. */
const large = 2 ** 18;

/**
 * Small parameters in one group, whose update as one vector saves a handful of operations each; every large one in a group of its own, so that it is
 * updated where it lies: a vector of them all would be a second copy of the network, and of its gradients during the step.
 */
function together(parameters: ReadonlyMap<string, tf.Variable>): ReadonlyMap<string, tf.Variable>[] {
  const isLarge = ([, variable]: readonly [string, tf.Variable]) => variable.size >= large;
  const small = new Map([...parameters].filter((entry) => !isLarge(entry)));
  const alone = [...parameters].filter(isLarge).map((entry) => new Map([entry]));
  return [...alone, ...(small.size > 0 ? [small] : [])];
}

type Checked = 'gradient' | 'optimiser state';

function firstName(name: string): string {
  return `first.${name}`;
}

function secondName(name: string): string {
  return `second.${name}`;
}

function pick(
  values: ReadonlyMap<string, tf.Tensor>,
  group: ParameterGroup,
  key: (name: string) => string,
): tf.Tensor[] {
  return group.names.flatMap((name) => values.get(key(name)) ?? []);
}

function failure(kind: Checked, problems: readonly string[]): NetworkError {
  if (kind === 'gradient') {
    return new NetworkError(
      'bad-gradients',
      `the gradients do not fit the parameters: ${problems.join('; ')}`,
      {
        kind: 'internal',
        hint: 'make every parameter take part in the loss, or leave it out of the optimiser',
      },
    );
  }
  return new NetworkError(
    'bad-optimiser-state',
    `the optimiser state does not fit the parameters: ${problems.join('; ')}`,
    {
      kind: 'data',
      hint: 'resume with the configuration the checkpoint was written with',
    },
  );
}

function requireBetween(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new NetworkError('bad-option', `${name} must be between ${least} and ${most}, got ${value}`, {
    hint: `change ${name}`,
  });
}
