import { loadEngine } from '@bipvl/engine';
import { type Context, evaluation, training } from '@bipvl/nn';
import { compare } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Meet, Prediction } from './coupling.js';
import type { SegmentationNetwork } from './segmentation-network.js';

/** A backbone in one of its forms, and what it promises. */
export interface BackboneCase {
  readonly build: () => SegmentationNetwork;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Legal sides that leave the bottleneck more than one voxel. */
  readonly sides: readonly [number, number, number];
  /** Sides of the auxiliary logits, fine to deep. */
  readonly auxiliary: readonly (readonly number[])[];
  /** Channels and sides of each site. */
  readonly sites: readonly (readonly [channels: number, sides: readonly number[]])[];
  /** Where skips are functions of what comes back from `meet`: the first that the second site changes. Default: they are what comes back. */
  readonly refinedFrom?: number;
  /** Parameters that move nothing: the biases that a normalisation takes away. */
  readonly withoutEffect?: (name: string) => boolean;
}

/** What every backbone must do, without fixtures: shapes, gradients, batches, sites and memory. */
export function describeBackbone(form: string, given: BackboneCase): void {
  describe(form, () => {
    beforeAll(async () => {
      await loadEngine();
    });
    describeForward(given);
    describeSites(given);
  });
}

/** Both tensors alike within `atol`. */
export function expectSame(a: tf.Tensor, b: tf.Tensor, atol = 1e-5): void {
  expect(a.shape).toEqual(b.shape);
  const verdict = compare(a.dataSync(), b.dataSync(), { atol });
  expect(verdict, verdict.message).toMatchObject({ verdict: 'equal' });
}

function expectDifferent(a: tf.Tensor, b: tf.Tensor): void {
  expect(compare(a.dataSync(), b.dataSync(), { atol: 1e-3 }).verdict).toBe('different');
}

/** Random voxels in [-1, 1), the same for the same shape. */
export function imageOf(given: BackboneCase, batch: number): tf.Tensor {
  return tf.randomUniform([batch, ...given.sides, given.inputChannels], -1, 1, 'float32', 5);
}

/** Moves every number a little, so that nothing that starts at zero hides a gradient. */
export function shake(network: SegmentationNetwork): void {
  tf.tidy(() => {
    for (const [index, variable] of [...network.parameters().values()].entries())
      variable.assign(tf.add(variable, tf.randomUniform(variable.shape, -0.1, 0.1, 'float32', index + 1)));
  });
}

/** A batch of three has the logits of three single runs, and the sums of their gradients. */
export function describeBatches(given: BackboneCase): void {
  test('a batch of three has the logits and the summed gradients of three single runs', () => {
    const network = given.build();
    shake(network);
    const parameters = [...network.parameters()];
    const run = (x: tf.Tensor) => {
      const logits: tf.Tensor[] = [];
      const objective = () => {
        const { logits: output, auxiliary } = network.forward(x, evaluation());
        logits.push(tf.keep(output));
        return tf.addN([output, ...auxiliary].map((each) => tf.sum(tf.square(each)))) as tf.Scalar;
      };
      const { grads } = tf.variableGrads(
        objective,
        parameters.map(([, variable]) => variable),
      );
      return { logits: logits[0] as tf.Tensor, grads };
    };
    const x = imageOf(given, 3);
    const [batch, ...singles] = [x, ...tf.split(x, 3)].map(run);
    expectSame(batch?.logits as tf.Tensor, tf.concat(singles.map(({ logits }) => logits)), 1e-4);
    for (const [name, variable] of parameters) {
      if (given.withoutEffect?.(name)) continue;
      const sum = tf.addN(singles.map(({ grads }) => grads[variable.name] as tf.Tensor));
      const { relativeL2 } = compare(batch?.grads[variable.name]?.dataSync() ?? [], sum.dataSync(), {
        atol: 0,
      });
      expect(relativeL2, name).toBeLessThan(1e-3);
    }
    network.dispose();
  });
}

function describeForward(given: BackboneCase): void {
  const outputs = ({ logits, auxiliary }: Prediction) => [logits, ...auxiliary];

  test('gives logits of the size of the image, auxiliary ones, and no other tensor', () => {
    const network = given.build();
    const x = imageOf(given, 2);
    for (const context of [evaluation(), training(1, 0)]) {
      const before = tf.memory().numTensors;
      const found = outputs(network.forward(x, context));
      expect(tf.memory().numTensors - before).toBe(found.length);
      const sides = [given.sides, ...given.auxiliary];
      expect(found.map(({ shape }) => shape)).toEqual(
        sides.map((each) => [2, ...each, given.outputChannels]),
      );
      for (const output of found) expect([...output.dataSync()].every(Number.isFinite)).toBe(true);
    }
    network.dispose();
  });

  test('reaches every tensor it made, and gives every parameter a gradient', () => {
    const before = tf.memory().numTensors;
    const network = given.build();
    expect(network.state().size).toBe(tf.memory().numTensors - before);
    shake(network);
    const parameters = network.parameters();
    const x = imageOf(given, 1);
    const objective = (): tf.Scalar => {
      const parts = outputs(network.forward(x, training(1, 0))).map((output, index) =>
        tf.sum(tf.mul(output, tf.randomUniform(output.shape, -1, 1, 'float32', index + 6))),
      );
      return tf.addN(parts) as tf.Scalar;
    };
    const { grads } = tf.variableGrads(objective, [...parameters.values()]);
    for (const [name, variable] of parameters) {
      const gradient = grads[variable.name];
      expect(gradient?.shape, name).toEqual(variable.shape);
      const values = [...(gradient?.dataSync() ?? [Number.NaN])];
      expect(values.every(Number.isFinite), name).toBe(true);
      if (!given.withoutEffect?.(name)) expect(Math.max(...values.map(Math.abs)), name).toBeGreaterThan(1e-6);
    }
    network.dispose();
  });

  test('a batch of two in evaluation equals two single runs', () => {
    const network = given.build();
    const x = imageOf(given, 2);
    const singles = tf.split(x, 2).map((sample) => outputs(network.forward(sample, evaluation())));
    for (const [index, output] of outputs(network.forward(x, evaluation())).entries())
      expectSame(output, tf.concat(singles.map((single) => single[index] as tf.Tensor)), 1e-4);
    network.dispose();
  });

  test('other channels than it was built for are refused', () => {
    const x = tf.zeros([1, ...given.sides, given.inputChannels + 1]);
    const network = given.build();
    expect(() => network.forward(x, evaluation())).toThrow(
      expect.objectContaining({ code: 'wrong-channels' }),
    );
    network.dispose();
  });
}

function describeSites(given: BackboneCase): void {
  test('publishes its sites, and meets at each once, in order, with that many channels and those sides', () => {
    const { encoder } = given.build();
    expect(encoder.sites.map((site) => [site.channels, site.extent(given.sides)])).toEqual(given.sites);
    const seen: number[][] = [];
    const meet: Meet<{ count: tf.Tensor }> = (site, features, { count }) => {
      expect(site).toBe(seen.length);
      seen.push(features.shape);
      return { features, state: { count: tf.add(count, 1) } };
    };
    const { pyramid, state } = encoder.encode(
      imageOf(given, 1),
      evaluation(),
      { count: tf.scalar(10) },
      meet,
    );
    expect(seen).toEqual(given.sites.map(([channels, sides]) => [1, ...sides, channels]));
    expect(state.count.dataSync()[0]).toBe(10 + given.sites.length);
    expect(pyramid.bottleneck.shape).toEqual([
      1,
      ...encoder.bottleneckExtent(given.sides),
      encoder.bottleneckChannels,
    ]);
  });

  test('what comes back flows on: to the skips from there on, the bottleneck and the logits', () => {
    const network = given.build();
    shake(network);
    const { encoder } = network;
    const changedAt = 1;
    const change = (shape: number[]) => tf.randomUniform(shape, -3, 3, 'float32', 9);
    const plain = encoder.encode(imageOf(given, 1), evaluation(), {}).pyramid;
    const { pyramid: met } = encoder.encode(imageOf(given, 1), evaluation(), {}, (site, features, state) => ({
      features: site === changedAt ? tf.add(features, change(features.shape)) : features,
      state,
    }));
    const all = [...plain.skips, plain.bottleneck].map(({ shape }) => shape);
    const [channels, sides] = given.sites[changedAt] ?? [0, []];
    const level =
      given.refinedFrom ?? all.findIndex((shape) => shape.join() === [1, ...sides, channels].join());
    for (const [index, skip] of met.skips.entries()) {
      const before = plain.skips[index] as tf.Tensor;
      if (index < level) expectSame(skip, before, 0);
      else if (given.refinedFrom !== undefined) expectDifferent(skip, before);
      else if (index === level) expectSame(skip, tf.add(before, change(before.shape)));
    }
    expectDifferent(met.bottleneck, plain.bottleneck);
  });

  test('gradients flow through the meeting', () => {
    const network = given.build();
    const gain = tf.variable(tf.scalar(1));
    const run = (context: Context): tf.Tensor =>
      tf.tidy(() => {
        const state = { gain: gain as tf.Tensor };
        const { pyramid } = network.encoder.encode(
          imageOf(given, 1),
          context,
          state,
          (_, features, each) => ({
            features: tf.mul(features, each.gain),
            state: each,
          }),
        );
        return network.finish(pyramid, context).logits;
      });
    expectSame(run(evaluation()), network.forward(imageOf(given, 1), evaluation()).logits, 0);
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(run(evaluation()))), [gain]);
    expect(Math.abs((grads[gain.name] as tf.Tensor).dataSync()[0] as number)).toBeGreaterThan(1e-4);
    network.dispose();
  });

  test('the encoder leaves no tensor behind but its pyramid and the states', () => {
    const { encoder } = given.build();
    const x = imageOf(given, 1);
    const state = { count: tf.scalar(0) as tf.Tensor };
    const before = tf.memory().numTensors;
    const { pyramid } = encoder.encode(x, evaluation(), state, (_, features, { count }) => ({
      features: tf.relu(features),
      state: { count: tf.add(count, 1) },
    }));
    const inPyramid = pyramid.skips.length + 1 + Object.keys(pyramid.extra).length;
    const states = tf.memory().numTensors - before - inPyramid;
    // The last state, or that of each site.
    expect(states).toBeGreaterThanOrEqual(1);
    expect(states).toBeLessThanOrEqual(encoder.sites.length);
  });
}

/** Sides that are no multiples are refused before any work, with the nearest that are: [given, nearest] pairs. */
export function describeSizes(
  name: string,
  given: Pick<BackboneCase, 'build' | 'inputChannels'>,
  factors: readonly number[],
  pairs: readonly (readonly [readonly number[], readonly number[]])[],
): void {
  test.each(pairs)(`${name} refuses sides of [%s] and names the nearest legal ones`, (sides, nearest) => {
    const network = given.build();
    const before = tf.memory().numTensors;
    const x = tf.zeros([1, ...sides, given.inputChannels]);
    const fault = expect.objectContaining({
      code: 'illegal-size',
      kind: 'usage',
      message: `${name} expects sides that are multiples of [${factors}], received [${sides}]`,
      hint: `use a patch of [${nearest}] voxels`,
    });
    expect(() => network.forward(x, evaluation())).toThrow(fault);
    expect(() => network.encoder.bottleneckExtent(sides)).toThrow(fault);
    expect(() => network.encoder.sites[0]?.extent(sides)).toThrow(fault);
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });
}
