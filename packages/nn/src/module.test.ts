import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Embedding } from './layers/embedding.js';
import { Linear } from './layers/linear.js';
import { buffer, loadState, Module, parameter } from './module.js';
import { RandomStream } from './random-stream.js';

beforeAll(async () => {
  await loadEngine();
});

/** Fields of every kind, in an order that is not that of the alphabet. */
class Whole extends Module {
  readonly second: Linear;
  readonly blocks: readonly (readonly Linear[])[];
  readonly first: Linear | undefined;
  readonly width = 2;
  readonly label = 'not a tensor';
  readonly scale: tf.Variable;
  readonly running: tf.Variable;
  readonly absent: Linear | undefined = undefined;

  constructor(random = new RandomStream(1)) {
    super();
    const linear = (bias: boolean) => new Linear({ inputs: 2, outputs: 3, bias }, random);
    this.second = linear(true);
    this.blocks = [[linear(false)], [linear(false), linear(false)]];
    this.first = linear(false);
    this.scale = parameter(tf.ones([4]));
    this.running = buffer(tf.zeros([5]));
  }
}

/** Two names of one tensor, as a language model ties its input and output embeddings. */
class Tied extends Module {
  readonly embedding = new Embedding({ entries: 3, width: 2 }, new RandomStream(1));
  readonly projection: readonly tf.Variable[] = [this.embedding.weight, parameter(tf.zeros([3]))];
}

const names = [
  'second.weight',
  'second.bias',
  'blocks.0.0.weight',
  'blocks.1.0.weight',
  'blocks.1.1.weight',
  'first.weight',
  'scale',
  'running',
];

describe('the walk over a module', () => {
  test('names every tensor in the order of the fields, the same for every instance', () => {
    const whole = new Whole();
    expect([...whole.state().keys()]).toEqual(names);
    expect([...new Whole(new RandomStream(2)).state().keys()]).toEqual(names);
    expect(whole.state().get('blocks.1.0.weight')).toBe(whole.blocks[1]?.[0]?.weight);
  });

  test('finds all that was made, and dispose frees all of it', () => {
    const before = tf.memory().numTensors;
    const whole = new Whole();
    expect(whole.state().size).toBe(tf.memory().numTensors - before);
    whole.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('gives an optimiser the parameters without the buffers', () => {
    const whole = new Whole();
    expect([...whole.parameters().keys()]).toEqual(names.filter((name) => name !== 'running'));
    expect(whole.parameterCount()).toBe(6 + 3 + 4 * 6 + 4);
  });

  test('counts a shared tensor once, under its first name', () => {
    const tied = new Tied();
    expect([...tied.state().keys()]).toEqual(['embedding.weight', 'projection.1']);
    expect(tied.aliases()).toEqual(new Map([['projection.0', 'embedding.weight']]));
    expect(tied.parameterCount()).toBe(6 + 3);
    expect(new Whole().aliases().size).toBe(0);
    tied.dispose();
  });
});

describe('loadState', () => {
  const valuesOf = (module: Module) =>
    new Map<string, tf.Tensor>([...module.state()].map(([name, variable]) => [name, tf.clone(variable)]));
  const dataOf = (module: Module) => [...module.state().values()].map((variable) => [...variable.dataSync()]);

  test('makes one network equal another, buffers included', () => {
    const [source, target] = [new Whole(new RandomStream(1)), new Whole(new RandomStream(2))];
    source.running.assign(tf.range(0, 5));
    expect(dataOf(target)).not.toEqual(dataOf(source));
    loadState(target, valuesOf(source));
    expect(dataOf(target)).toEqual(dataOf(source));
  });

  test('takes a copy: later changes of the values do not reach the network', () => {
    const [source, target] = [new Tied(), new Tied()];
    const values = valuesOf(source);
    loadState(target, values);
    for (const value of values.values()) value.dispose();
    source.embedding.weight.assign(tf.zeros([3, 2]));
    expect(Math.max(...target.embedding.weight.dataSync())).toBeGreaterThan(0);
  });

  test('names all that is missing, unknown and misshapen in one line, and assigns nothing', () => {
    const whole = new Whole();
    const before = dataOf(whole);
    const values = valuesOf(new Whole(new RandomStream(2)));
    values.delete('first.weight');
    values.delete('scale');
    values.set('third.weight', tf.zeros([1]));
    values.set('running', tf.zeros([6]));
    values.set('second.bias', tf.zeros([1, 3]));
    const load = () => loadState(whole, values);
    expect(load).toThrow(
      expect.objectContaining({ name: 'NetworkError', code: 'state-mismatch', kind: 'data' }),
    );
    expect(load).toThrow('missing: first.weight, scale; not in the network: third.weight; ');
    expect(load).toThrow('wrong shape: second.bias is [1,3], expected [3]; running is [6], expected [5]');
    expect(dataOf(whole)).toEqual(before);
  });

  test('knows a shared tensor by its first name only', () => {
    const tied = new Tied();
    const values = valuesOf(tied);
    values.set('projection.0', tf.zeros([3, 2]));
    expect(() => loadState(tied, values)).toThrow('not in the network: projection.0');
  });
});

test('parameter and buffer take their initial value over', () => {
  const before = tf.memory().numTensors;
  const [trained, kept] = [parameter(tf.ones([2])), buffer(tf.zeros([2]))];
  expect(tf.memory().numTensors).toBe(before + 2);
  expect([trained.trainable, kept.trainable]).toEqual([true, false]);
  tf.dispose([trained, kept]);
});
