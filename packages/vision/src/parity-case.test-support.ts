import { loadEngine } from '@bipvl/engine';
import {
  type Context,
  evaluation,
  loadState,
  type Module,
  mapState,
  type StateTable,
  training,
  unmapState,
} from '@bipvl/nn';
import {
  channelsLastTensor,
  compare,
  compareGradient,
  type Fixture,
  fixtureCases,
  readFixture,
  tensorsUnder,
  toleranceOf,
} from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Prediction } from './coupling.js';

/** A network built as a fixture's sidecar says, and how its published names turn into ours. */
export interface ParityCase {
  readonly network: Module;
  readonly table: StateTable;
  /** The outputs by their names in the fixture, channels-last; `x` is its first input, `inputs` are all of them by name. */
  readonly run: (
    x: tf.Tensor,
    context: Context,
    inputs: Readonly<Record<string, tf.Tensor>>,
  ) => Readonly<Record<string, tf.Tensor>>;
}

/** The outputs of a network with deep supervision: `out0` is full size, the others are its auxiliary outputs. */
export function numberedOutputs({ logits, auxiliary }: Prediction): Record<string, tf.Tensor> {
  return Object.fromEntries([logits, ...auxiliary].map((output, index) => [`out${index}`, output]));
}

/**
 * Compares every case of the group `networks` that was made by `published` (the sidecar's `class`) with ours: the state
 * turns into ours and back bit for bit, second names included; outputs, gradients of the input and of parameters, and running statistics agree.
 */
export function describeParity(
  published: string,
  build: (config: Readonly<Record<string, unknown>>, fixture: Fixture) => ParityCase,
): void {
  const names = fixtureCases('networks').filter(
    (name) => readFixture(`networks/${name}`).sidecar.class === published,
  );
  describe(`${published}, as published`, () => {
    beforeAll(async () => {
      await loadEngine();
    });
    if (names.length === 0) {
      test.skip(`networks/* of ${published}: no fixtures; set BIPVL_FIXTURES`, () => undefined);
    }
    test.each(names)('networks/%s outputs, gradients and running statistics', (name) => {
      const fixture = readFixture(`networks/${name}`);
      checkCase(fixture, build(fixture.sidecar.config ?? {}, fixture));
    });
  });
}

function checkCase(fixture: Fixture, { network, table, run }: ParityCase): void {
  const context = fixture.sidecar['mode'] === 'train' ? training(0, 0) : evaluation();
  const given = tensorsUnder(fixture, 'param.');
  loadState(network, mapState(given, table, network.state()));
  const published = unmapState(network.state(), table);
  for (const [key, value] of given) expectSameBits(key, published.get(key), value);
  for (const [second, first] of Object.entries(fixture.sidecar.aliases ?? {}))
    expectSameBits(second, published.get(second), given.get(first) as tf.Tensor);
  const { outputs, toInputs, gradients } = differentiate(network, fixture, (inputs) =>
    run(Object.values(inputs)[0] as tf.Tensor, context, inputs),
  );
  for (const [key, output] of outputs) expectClose(fixture, `output.${key}`, output);
  // The fixture leaves out large ones.
  for (const key of tensorsUnder(fixture, 'grad.input.').keys()) {
    const toInput = toInputs.get(key);
    expect(toInput, `input ${key} got no gradient`).toBeDefined();
    if (toInput !== undefined) expectGradient(fixture, `grad.input.${key}`, channelsFirst(toInput));
  }
  checkGradients(fixture, unmapState(gradients, table));
  checkRunningStatistics(fixture, unmapState(network.state(), table));
}

interface Differentiated {
  readonly outputs: ReadonlyMap<string, tf.Tensor>;
  /** By the names of the inputs. */
  readonly toInputs: ReadonlyMap<string, tf.Tensor | undefined>;
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
}

/** Gradients of the sum over all outputs of output times cotangent. */
function differentiate(
  network: Module,
  fixture: Fixture,
  run: (inputs: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Tensor>>,
): Differentiated {
  const images = [...tensorsUnder(fixture, 'input.').keys()].map(
    (key) => [key, tf.variable(channelsLastTensor(fixture, `input.${key}`))] as const,
  );
  const parameters = network.parameters();
  const outputs = new Map<string, tf.Tensor>();
  const objective = (): tf.Scalar => {
    const weighted = Object.entries(run(Object.fromEntries(images))).map(([key, output]) => {
      outputs.set(key, tf.keep(tf.clone(output)));
      return tf.sum(tf.mul(output, channelsLastTensor(fixture, `cotangent.${key}`)));
    });
    return tf.addN(weighted) as tf.Scalar;
  };
  const { grads } = tf.variableGrads(objective, [
    ...images.map(([, image]) => image),
    ...parameters.values(),
  ]);
  const gradients = [...parameters].map(([name, variable]) => [name, grads[variable.name]] as const);
  return {
    outputs,
    toInputs: new Map(images.map(([key, image]) => [key, grads[image.name]])),
    gradients: new Map(gradients.filter((entry): entry is [string, tf.Tensor] => entry[1] !== undefined)),
  };
}

function checkGradients(fixture: Fixture, gradients: ReadonlyMap<string, tf.Tensor>): void {
  const expected = tensorsUnder(fixture, 'grad.param.');
  expect(expected.size).toBeGreaterThan(0);
  for (const key of expected.keys()) {
    const actual = gradients.get(key);
    expect(actual, `${key} got no gradient`).toBeDefined();
    if (actual !== undefined) expectGradient(fixture, `grad.param.${key}`, actual);
  }
}

function checkRunningStatistics(fixture: Fixture, state: ReadonlyMap<string, tf.Tensor>): void {
  for (const [key, expected] of tensorsUnder(fixture, 'buffer_after.')) {
    if (expected.dtype !== 'float32') continue;
    const verdict = compare(
      (state.get(key) as tf.Tensor).dataSync(),
      expected.dataSync(),
      toleranceOf(fixture, `buffer_after.${key}`),
    );
    expect(verdict, `${key}: ${verdict.message}`).toMatchObject({ verdict: 'equal' });
  }
}

/** Number by number: `toEqual` takes seconds where there are millions. */
function expectSameBits(key: string, actual: tf.Tensor | undefined, expected: tf.Tensor): void {
  const [ours, theirs] = [actual?.dataSync(), expected.dataSync()];
  expect(ours?.length, key).toBe(theirs.length);
  const differs = theirs.findIndex((value, index) => !Object.is(value, ours?.[index]));
  expect(differs, `${key}: place of the first number that differs`).toBe(-1);
}

function expectClose(fixture: Fixture, key: string, actual: tf.Tensor): void {
  const expected = channelsLastTensor(fixture, key);
  expect(actual.shape, key).toEqual(expected.shape);
  const verdict = compare(actual.dataSync(), expected.dataSync(), toleranceOf(fixture, key));
  expect(verdict, `${key}: ${verdict.message}`).toMatchObject({ verdict: 'equal' });
}

/** A few flips of a rectified unit may leave a gradient undecided; a wrong one is told apart by far. */
function expectGradient(fixture: Fixture, key: string, actual: tf.Tensor): void {
  const expected = tensorsUnder(fixture, key).get('') as tf.Tensor;
  expect(actual.shape, key).toEqual(expected.shape);
  const verdict = compareGradient(actual.dataSync(), expected.dataSync(), toleranceOf(fixture, key));
  expect(['equal', 'inconclusive'], `${key}: ${verdict.message}`).toContain(verdict.verdict);
}

function channelsFirst(x: tf.Tensor): tf.Tensor {
  const spatial = x.shape.slice(1, -1).map((_, axis) => axis + 1);
  return tf.transpose(x, [0, x.rank - 1, ...spatial]);
}
