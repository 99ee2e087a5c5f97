import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Context, evaluation, training, within } from './context.js';
import { gelu } from './kernels/gelu.js';
import { BatchNorm } from './layers/batch-norm.js';
import { Convolution } from './layers/convolution.js';
import { dropout } from './layers/dropout.js';
import { MemoryLedger } from './memory-ledger.js';
import { Module, parameter } from './module.js';
import { RandomStream } from './random-stream.js';
import { recompute } from './recompute.js';
import { compare } from './testing/index.js';

beforeAll(async () => {
  await loadEngine();
});

/** Convolution, batch norm, GELU and dropout, plus what is given beside the input. */
class Stage extends Module {
  readonly convolution: Convolution;
  readonly norm = new BatchNorm({ channels: 4 });
  readonly unused: tf.Variable | undefined;

  constructor(seed: number, hasUnused = false) {
    super();
    const options = { inputChannels: 4, outputChannels: 4, kernel: 3 };
    this.convolution = new Convolution(options, new RandomStream(seed));
    this.unused = hasUnused ? parameter(tf.scalar(1)) : undefined;
  }

  forward(x: tf.Tensor, context: Context, beside: readonly tf.Tensor[] = []): tf.Tensor {
    return tf.tidy(() => {
      const normalised = this.norm.forward(this.convolution.forward(x as tf.Tensor5D), context);
      const y = dropout(gelu(normalised), 0.3, within(context, 'dropout'));
      return beside.reduce((sum, each) => tf.add(sum, each), y);
    });
  }
}

class Stack extends Module {
  readonly stages: Stage[];
  readonly #hasBeside: boolean;

  constructor(depth: number, hasBeside = false) {
    super();
    this.#hasBeside = hasBeside;
    this.stages = Array.from({ length: depth }, (_, index) => new Stage(index));
  }

  forward(x: tf.Tensor, context: Context): tf.Tensor {
    const beside = this.#hasBeside ? [x] : [];
    return tf.tidy(() =>
      this.stages.reduce((y, stage, index) => stage.forward(y, within(context, index), beside), x),
    );
  }
}

const image = (batch = 2, side = 5): tf.Tensor =>
  tf.randomUniform([batch, side, side, side, 4], -1, 1, 'float32', 3);

interface Differentiated {
  readonly value: Float32Array;
  readonly gradients: Map<string, Float32Array>;
  readonly state: Map<string, Float32Array>;
}

/** The value, the gradients of all parameters and of the input, and the state after one pass. */
function differentiate(network: Stack, x: tf.Tensor, context: Context = training(1, 2)): Differentiated {
  const input = tf.variable(x);
  const parameters = network.parameters();
  const { value, grads } = tf.variableGrads(() => {
    const weights = tf.randomUniform(x.shape, -1, 1, 'float32', 4);
    return tf.sum(tf.mul(network.forward(input, context), weights)) as tf.Scalar;
  }, [input, ...parameters.values()]);
  const numbers = (tensor: tf.Tensor | undefined) => tensor?.dataSync() as Float32Array;
  const named = [...parameters].map(([name, variable]) => [name, numbers(grads[variable.name])] as const);
  const result = {
    value: numbers(value),
    gradients: new Map([['input', numbers(grads[input.name])], ...named]),
    state: new Map([...network.state()].map(([name, variable]) => [name, numbers(variable)])),
  };
  tf.dispose([value, grads, input]);
  return result;
}

describe('recompute', () => {
  test.each([
    ['a batch of 1', 1, 5],
    ['a batch of 3', 3, 4],
    ['one voxel', 2, 1],
  ])('gives values, gradients and running statistics to the last bit: %s', (_, batch, side) => {
    const [plain, recomputed] = [new Stack(3), new Stack(3)];
    for (const stage of recomputed.stages) expect(recompute(stage)).toBe(stage);
    const x = image(batch, side);
    for (const step of [0, 1]) {
      const expected = differentiate(plain, x, training(1, step));
      expect(differentiate(recomputed, x, training(1, step))).toEqual(expected);
      expect(
        [...expected.gradients.values()].every((values) => values.some((value) => value !== 0)) || side === 1,
      ).toBe(true);
    }
    // Two steps of batch norm moved the running statistics away from where they began.
    expect(recomputed.stages[0]?.norm.runningVariance.dataSync()[0]).not.toBe(1);
  });

  test('of a whole that holds recomputed parts, twice over, is the same again', () => {
    const [plain, nested] = [new Stack(3), new Stack(3)];
    for (const stage of nested.stages) recompute(recompute(stage));
    recompute(nested);
    expect(differentiate(nested, image())).toEqual(differentiate(plain, image()));
  });

  test('takes tensors in lists too; where one goes into many parts its gradients add up in another order', () => {
    const [plain, recomputed] = [new Stack(3, true), new Stack(3, true)];
    for (const stage of recomputed.stages) recompute(stage);
    const [expected, actual] = [differentiate(plain, image()), differentiate(recomputed, image())];
    expect(actual.value).toEqual(expected.value);
    expect(actual.state).toEqual(expected.state);
    for (const [name, values] of expected.gradients) {
      const verdict = compare(actual.gradients.get(name) ?? [], values, { atol: 1e-4, rel_l2: 1e-6 });
      expect(verdict, `${name}: ${verdict.message}`).toMatchObject({ verdict: 'equal' });
    }
  });

  test('a list that grows after the call is taken as it was', () => {
    const [x, beside] = [tf.variable(image()), [tf.ones([1])]];
    const stage = recompute(new Stage(1));
    const objective = (): tf.Scalar => {
      const y = stage.forward(x, training(1, 0), beside);
      beside.push(tf.fill([1], 5));
      return tf.sum(y);
    };
    expect(tf.variableGrads(objective, [x]).grads[x.name]?.shape).toEqual(x.shape);
  });

  test('keeps the names, and evaluation as it is', () => {
    const [plain, recomputed] = [new Stack(2), recompute(new Stack(2))];
    expect([...recomputed.state().keys()]).toEqual([...plain.state().keys()]);
    const run = (network: Stack) => network.forward(image(), evaluation()).dataSync();
    expect(run(recomputed)).toEqual(run(plain));
    expect(differentiate(recomputed, image(), evaluation())).toEqual(
      differentiate(plain, image(), evaluation()),
    );
  });

  test('leaves no tensor behind, and the tape as it was', () => {
    const network = new Stack(3);
    for (const stage of network.stages) recompute(stage);
    const x = image();
    differentiate(network, x);
    const before = tf.memory().numTensors;
    differentiate(network, x);
    tf.dispose(network.forward(x, training(1, 0)));
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.engine().state.gradientDepth).toBe(0);
    expect(tf.engine().state.activeTape).toBeFalsy();
  });

  test('names a parameter that takes no part, and the engine goes on after it', () => {
    const stage = recompute(new Stage(1, true));
    const take = () =>
      tf.variableGrads(
        () => tf.sum(stage.forward(image(), training(1, 0))) as tf.Scalar,
        [...stage.parameters().values()],
      );
    expect(take).toThrow(
      expect.objectContaining({ code: 'unused-parameter', message: expect.stringContaining('unused') }),
    );
    const plain = new Stack(2);
    expect(differentiate(plain, image()).value).toEqual(differentiate(plain, image()).value);
  });

  test('an input that takes no part gets a gradient of zero', () => {
    const stage = new Stage(1);
    const forward = stage.forward.bind(stage);
    stage.forward = (x, context, _beside) => forward(x, context);
    recompute(stage);
    const [x, beside] = [tf.variable(image()), tf.variable(tf.ones([1]))];
    const { grads } = tf.variableGrads(
      () => tf.sum(stage.forward(x, training(1, 0), [beside])) as tf.Scalar,
      [x, beside],
    );
    expect([...(grads[beside.name]?.dataSync() ?? [])]).toEqual([0]);
  });

  test('lowers the peak of a training step', () => {
    const peakOf = (network: Stack): number => {
      const x = image(1, 16);
      const ledger = new MemoryLedger();
      ledger.record(() => void differentiate(network, x));
      return Math.max(...ledger.record(() => void differentiate(network, x)));
    };
    const recomputed = new Stack(8);
    for (const stage of recomputed.stages) recompute(stage);
    expect(peakOf(recomputed) / peakOf(new Stack(8))).toBeLessThan(0.6);
  });
});
