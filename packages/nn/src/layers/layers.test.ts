import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Context, evaluation, training, within } from '../context.js';
import type { Triple } from '../kernels/convolution.js';
import type { Module } from '../module.js';
import { RandomStream } from '../random-stream.js';
import { compare } from '../testing/compare.js';
import { Attention } from './attention.js';
import { BatchNorm } from './batch-norm.js';
import { Convolution } from './convolution.js';
import { dropout } from './dropout.js';
import { Embedding } from './embedding.js';
import { InstanceNorm } from './instance-norm.js';
import { LayerNorm } from './layer-norm.js';
import { Linear } from './linear.js';
import { Mlp } from './mlp.js';
import { ParametricRelu } from './parametric-relu.js';
import { TransposedConvolution } from './transposed-convolution.js';
import { triple } from './triple.js';

beforeAll(async () => {
  await loadEngine();
});

let tensors = 0;
beforeEach(() => {
  tf.engine().startScope();
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  // Variables belong to nobody's scope: each test disposes its modules.
  tf.engine().endScope();
  expect(tf.memory().numTensors).toBe(tensors);
});

const uniform = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);
const expectSame = (a: tf.Tensor, b: tf.Tensor, atol = 1e-5): void => {
  expect(a.shape).toEqual(b.shape);
  expect(compare(a.dataSync(), b.dataSync(), { atol })).toMatchObject({ verdict: 'equal' });
};

/** A layer, how it is run, and what must be true of it. */
interface Specimen {
  readonly layer: Module;
  readonly run: (x: tf.Tensor, context: Context) => tf.Tensor;
  /** Of input and output. */
  readonly shapes: readonly (readonly [number[], number[]])[];
  readonly names: readonly string[];
}

/** Batches of 1 and 3, odd and one-voxel sides, three channels. */
const grids = [
  [1, 4, 6, 5, 3],
  [3, 5, 3, 7, 3],
  [3, 1, 1, 3, 3],
];
const tokens = [
  [1, 5, 4],
  [3, 1, 4],
];
const same = (shapes: number[][]): [number[], number[]][] => shapes.map((shape) => [shape, shape]);
/** Sides mapped by `f` and the channels set. */
const grid = (f: (side: number) => number, channels: number): [number[], number[]][] =>
  grids.map((shape) => [shape, [shape[0] as number, ...shape.slice(1, 4).map(f), channels]]);

const specimens: Record<string, (random: RandomStream) => Specimen> = {
  'convolution of 3': (random) => {
    const layer = new Convolution({ inputChannels: 3, outputChannels: 2, kernel: 3 }, random);
    return {
      layer,
      run: (x) => layer.forward(x as tf.Tensor5D),
      shapes: grid((side) => side, 2),
      names: ['weight', 'bias'],
    };
  },
  'strided convolution without bias': (random) => {
    const layer = new Convolution(
      { inputChannels: 3, outputChannels: 4, kernel: 3, stride: 2, bias: false },
      random,
    );
    return {
      layer,
      run: (x) => layer.forward(x as tf.Tensor5D),
      shapes: grid((side) => Math.ceil(side / 2), 4),
      names: ['weight'],
    };
  },
  'transposed convolution': (random) => {
    const options = {
      inputChannels: 3,
      outputChannels: 2,
      kernel: 3,
      stride: 2,
      padding: 1,
      outputPadding: 1,
    };
    const layer = new TransposedConvolution(options, random);
    return {
      layer,
      run: (x) => layer.forward(x as tf.Tensor5D),
      shapes: grid((side) => 2 * side, 2),
      names: ['weight', 'bias'],
    };
  },
  'instance norm': () => {
    const layer = new InstanceNorm({ channels: 3 });
    return { layer, run: (x) => layer.forward(x as tf.Tensor5D), shapes: same(grids), names: [] };
  },
  'affine instance norm': () => {
    const layer = new InstanceNorm({ channels: 3, affine: true });
    return {
      layer,
      run: (x) => layer.forward(x as tf.Tensor5D),
      shapes: same(grids),
      names: ['scale', 'shift'],
    };
  },
  'batch norm': () => {
    const layer = new BatchNorm({ channels: 3 });
    const names = ['scale', 'shift', 'runningMean', 'runningVariance'];
    return { layer, run: (x, context) => layer.forward(x, context), shapes: same(grids), names };
  },
  'layer norm': () => {
    const layer = new LayerNorm({ channels: 4 });
    return { layer, run: (x) => layer.forward(x), shapes: same(tokens), names: ['scale', 'shift'] };
  },
  'parametric ReLU': () => {
    const layer = new ParametricRelu();
    return { layer, run: (x) => layer.forward(x), shapes: same(grids), names: ['slope'] };
  },
  linear: (random) => {
    const layer = new Linear({ inputs: 4, outputs: 7 }, random);
    const shapes = [...tokens, [4], [3, 2, 1, 2, 4]].map((shape): [number[], number[]] => [
      shape,
      [...shape.slice(0, -1), 7],
    ]);
    return { layer, run: (x) => layer.forward(x), shapes, names: ['weight', 'bias'] };
  },
  MLP: (random) => {
    const layer = new Mlp({ width: 4, hidden: 9, activation: 'gelu' }, random);
    const names = ['expand.weight', 'expand.bias', 'contract.weight', 'contract.bias'];
    return { layer, run: (x) => layer.forward(x), shapes: same(tokens), names };
  },
  attention: (random) => {
    const layer = new Attention({ width: 4, heads: 2, inner: 6, dropout: 0.3 }, random);
    const names = ['query', 'key', 'value', 'output'].flatMap((part) => [`${part}.weight`, `${part}.bias`]);
    const run = (x: tf.Tensor, context: Context) =>
      layer.forward(x as tf.Tensor3D, x as tf.Tensor3D, context);
    return { layer, run, shapes: same(tokens), names };
  },
};

describe.each(Object.entries(specimens))('%s', (_, make) => {
  test('gives the shapes it should, finite numbers, and one tensor a call', () => {
    const { layer, run, shapes } = make(new RandomStream(1));
    for (const [input, output] of shapes) {
      for (const context of [evaluation(), training(1, 0)]) {
        const x = uniform(input, 2);
        const before = tf.memory().numTensors;
        const y = run(x, context);
        expect(tf.memory().numTensors - before).toBe(1);
        expect(y.shape).toEqual(output);
        expect([...y.dataSync()].every(Number.isFinite)).toBe(true);
      }
    }
    layer.dispose();
  });

  test('reaches every tensor it made under stable names in the order of its fields', () => {
    const before = tf.memory().numTensors;
    const { layer, names } = make(new RandomStream(1));
    expect(layer.state().size).toBe(tf.memory().numTensors - before);
    expect([...layer.state().keys()]).toEqual(names);
    layer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('gives every parameter a finite gradient, and leaks nothing', () => {
    const { layer, run, shapes } = make(new RandomStream(1));
    const parameters = layer.parameters();
    const [input, output] = shapes[0] as [number[], number[]];
    const [x, weights] = [tf.variable(uniform(input, 2)), uniform(output, 3)];
    const before = tf.memory().numTensors;
    const { value, grads } = tf.variableGrads(
      () => tf.sum(tf.mul(run(x, training(1, 0)), weights)),
      [x, ...parameters.values()],
    );
    for (const [name, variable] of [['the input', x] as const, ...parameters]) {
      const gradient = grads[variable.name];
      expect(gradient?.shape, name).toEqual(variable.shape);
      expect([...(gradient?.dataSync() ?? [Number.NaN])].every(Number.isFinite), name).toBe(true);
    }
    tf.dispose([value, grads]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(x);
    layer.dispose();
  });

  test('treats the samples of a batch in evaluation each by itself', () => {
    const { layer, run, shapes } = make(new RandomStream(1));
    const [input] = shapes[1] as [number[], number[]];
    const x = uniform(input, 2);
    const singles = tf.split(x, input[0] as number).map((sample) => run(sample, evaluation()));
    expectSame(run(x, evaluation()), tf.concat(singles, 0));
    layer.dispose();
  });

  test('has weights that are a function of the stream', () => {
    const layers = [1, 1, 2].map((seed) => make(new RandomStream(seed)).layer);
    const values = layers.map((layer) =>
      [...layer.state().values()].map((variable) => [...variable.dataSync()]),
    );
    expect(values[1]).toEqual(values[0]);
    const isRandom = [...(layers[0] as Module).state().keys()].some((name) => name.endsWith('weight'));
    if (isRandom) expect(values[2]).not.toEqual(values[0]);
    for (const layer of layers) layer.dispose();
  });
});

describe('convolutions', () => {
  test('pad to the same sides by default, an even kernel and an anisotropic one included', () => {
    const kernels: [number | Triple, number[]][] = [
      [1, [4, 6, 5]],
      [5, [4, 6, 5]],
      [
        [1, 3, 5],
        [4, 6, 5],
      ],
      [2, [3, 5, 4]],
    ];
    for (const [kernel, sides] of kernels) {
      const layer = new Convolution({ inputChannels: 3, outputChannels: 1, kernel }, new RandomStream(1));
      expect(layer.weight.shape).toEqual([...triple(kernel), 3, 1]);
      expect(layer.forward(uniform([1, 4, 6, 5, 3], 1) as tf.Tensor5D).shape).toEqual([1, ...sides, 1]);
      layer.dispose();
    }
  });

  test('a filter with a single one moves the image and adds the bias', () => {
    const layer = new Convolution({ inputChannels: 1, outputChannels: 1, kernel: 3 }, new RandomStream(1));
    const filter = tf.buffer([3, 3, 3, 1, 1]);
    filter.set(1, 2, 1, 1, 0, 0);
    layer.weight.assign(filter.toTensor());
    layer.bias?.assign(tf.tensor1d([10]));
    const x = uniform([1, 4, 3, 2, 1], 1);
    const moved = tf.pad(tf.slice(x, [0, 1, 0, 0, 0], [1, 3, 3, 2, 1]), [
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expectSame(layer.forward(x as tf.Tensor5D), tf.add(moved, 10));
    layer.dispose();
  });

  test('weights and biases lie within 1 / sqrt(fan-in), counted as PyTorch counts it', () => {
    const plain = new Convolution({ inputChannels: 5, outputChannels: 40, kernel: 3 }, new RandomStream(1));
    const transposed = new TransposedConvolution(
      { inputChannels: 40, outputChannels: 5, kernel: 3, stride: 2 },
      new RandomStream(1),
    );
    for (const { weight, bias } of [plain, transposed]) {
      const bound = 1 / Math.sqrt(5 * 27);
      const largest = (variable: tf.Tensor | undefined) =>
        Math.max(...(variable?.dataSync() ?? []).map(Math.abs));
      expect(largest(weight)).toBeLessThanOrEqual(bound);
      expect(largest(weight)).toBeGreaterThan(0.99 * bound);
      expect(largest(bias)).toBeLessThanOrEqual(bound);
    }
    expect(transposed.weight.shape).toEqual([3, 3, 3, 5, 40]);
    plain.dispose();
    transposed.dispose();
  });

  test('refuse an image with other channels', () => {
    const layer = new Convolution({ inputChannels: 3, outputChannels: 1, kernel: 3 }, new RandomStream(1));
    const wrong = uniform([1, 2, 2, 2, 4], 1) as tf.Tensor5D;
    expect(() => layer.forward(wrong)).toThrow(expect.objectContaining({ code: 'wrong-channels' }));
    layer.dispose();
  });
});

describe('batch norm', () => {
  test('in training follows the batch with its momentum, as PyTorch keeps it', () => {
    const layer = new BatchNorm({ channels: 1, momentum: 0.25 });
    const y = layer.forward(tf.tensor([1, 2, 3, 6], [1, 4, 1, 1, 1]), training(1, 0));
    // Mean 3, variance 14 / 4 biased and 14 / 3 unbiased.
    const deviation = Math.sqrt(3.5 + 1e-5);
    expectSame(tf.reshape(y, [4]), tf.tensor1d([-2 / deviation, -1 / deviation, 0, 3 / deviation]));
    expectSame(layer.runningMean, tf.tensor1d([0.75]));
    expectSame(layer.runningVariance, tf.tensor1d([0.75 + 0.25 * (14 / 3)]));
    layer.dispose();
  });

  test('in evaluation uses what it has kept, and leaves it alone', () => {
    const layer = new BatchNorm({ channels: 2 });
    layer.runningMean.assign(tf.tensor1d([1, -1]));
    layer.runningVariance.assign(tf.tensor1d([4, 1]));
    layer.scale.assign(tf.tensor1d([3, 1]));
    layer.shift.assign(tf.tensor1d([0, 5]));
    const y = layer.forward(tf.tensor([3, 0], [1, 1, 1, 1, 2]), evaluation());
    expectSame(tf.reshape(y, [2]), tf.tensor1d([3, 6]), 1e-4);
    expectSame(layer.runningMean, tf.tensor1d([1, -1]), 0);
    layer.dispose();
  });
});

describe('layers of tokens', () => {
  test('linear: y = x W + b, by hand', () => {
    const layer = new Linear({ inputs: 2, outputs: 3 }, new RandomStream(1));
    layer.weight.assign(
      tf.tensor2d([
        [1, 2, 3],
        [10, 20, 30],
      ]),
    );
    layer.bias?.assign(tf.tensor1d([0.5, 0, -0.5]));
    expectSame(
      layer.forward(
        tf.tensor2d([
          [1, 1],
          [2, 0],
        ]),
      ),
      tf.tensor2d([
        [11.5, 22, 32.5],
        [2.5, 4, 5.5],
      ]),
    );
    expect(() => layer.forward(tf.zeros([2, 3]))).toThrow(/expects \[\.\.\., 2\], received \[2,3\]/);
    layer.dispose();
  });

  test('MLP: the second layer of the activation of the first', () => {
    const layer = new Mlp({ width: 2, hidden: 2, activation: 'relu' }, new RandomStream(1));
    layer.expand.weight.assign(
      tf.tensor2d([
        [1, -1],
        [0, 0],
      ]),
    );
    layer.contract.weight.assign(
      tf.tensor2d([
        [1, 0],
        [0, 1],
      ]),
    );
    for (const { bias } of [layer.expand, layer.contract]) bias?.assign(tf.zeros([2]));
    expectSame(
      layer.forward(
        tf.tensor2d([
          [2, 9],
          [-3, 9],
        ]),
      ),
      tf.tensor2d([
        [2, 0],
        [0, 3],
      ]),
    );
    layer.dispose();
  });

  test('embedding: the rows of its table for ids of any shape, none for a foreign id', () => {
    const layer = new Embedding({ entries: 3, width: 2 }, new RandomStream(1));
    layer.weight.assign(
      tf.tensor2d([
        [0, 1],
        [10, 11],
        [20, 21],
      ]),
    );
    expect([...layer.state().keys()]).toEqual(['weight']);
    const y = layer.forward(tf.tensor2d([[2, 0, 2]], [1, 3], 'int32'));
    expectSame(
      y,
      tf.tensor3d([
        [
          [20, 21],
          [0, 1],
          [20, 21],
        ],
      ]),
      0,
    );
    expect(layer.forward(tf.tensor1d([1], 'int32')).shape).toEqual([1, 2]);
    for (const wrong of [-1, 3]) {
      const call = () => layer.forward(tf.tensor1d([0, wrong], 'int32'));
      expect(call).toThrow(
        expect.objectContaining({
          code: 'id-out-of-range',
          message: expect.stringContaining(`received ${wrong}`),
        }),
      );
    }
    layer.dispose();
  });

  test('embedding: the gradient adds up where an id comes twice', () => {
    const layer = new Embedding({ entries: 3, width: 1 }, new RandomStream(1));
    const ids = tf.tensor1d([2, 0, 2], 'int32');
    const weights = tf.tensor2d([[1], [10], [100]]);
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(layer.forward(ids), weights)), [layer.weight]);
    expectSame(grads[layer.weight.name] as tf.Tensor, tf.tensor2d([[10], [0], [101]]));
    layer.dispose();
  });
});

describe('attention', () => {
  test('is softmax(Q K^T / sqrt(width of a head)) V for each head, by plain loops', () => {
    const layer = new Attention({ width: 4, heads: 2, inner: 6, memoryWidth: 3 }, new RandomStream(1));
    const [queries, memory, bias] = [uniform([2, 3, 4], 1), uniform([2, 5, 3], 2), uniform([2, 1, 3, 5], 3)];
    const actual = layer.forward(queries as tf.Tensor3D, memory as tf.Tensor3D, evaluation(), bias);
    expectSame(actual, byLoops(layer, queries, memory, bias));
    layer.dispose();
  });

  test('a large negative bias hides a key; a single key is all that is seen', () => {
    const layer = new Attention({ width: 4, heads: 2 }, new RandomStream(1));
    const [queries, memory] = [uniform([1, 2, 4], 1) as tf.Tensor3D, uniform([1, 3, 4], 2) as tf.Tensor3D];
    const hidden = layer.forward(queries, memory, evaluation(), tf.tensor4d([0, 0, -1e9], [1, 1, 1, 3]));
    expectSame(hidden, layer.forward(queries, tf.slice(memory, [0, 0, 0], [1, 2, 4]), evaluation()));
    const only = tf.slice(memory, [0, 0, 0], [1, 1, 4]);
    const alone = layer.output.forward(layer.value.forward(only));
    expectSame(layer.forward(queries, only, evaluation()), tf.tile(alone, [1, 2, 1]));
    layer.dispose();
  });

  test('refuses heads that do not divide its width, naming one that would', () => {
    const make = () => new Attention({ width: 10, heads: 4 }, new RandomStream(1));
    expect(make).toThrow(
      expect.objectContaining({ code: 'heads-do-not-divide', hint: expect.stringContaining('width of 12') }),
    );
  });

  test('drops probabilities in training only, the same ones for the same step', () => {
    const layer = new Attention({ width: 4, heads: 2, dropout: 0.5 }, new RandomStream(1));
    const x = uniform([2, 6, 4], 1) as tf.Tensor3D;
    const run = (context: Context) => [...layer.forward(x, x, context).dataSync()];
    expect(run(training(1, 3))).toEqual(run(training(1, 3)));
    expect(run(training(1, 3))).not.toEqual(run(training(1, 4)));
    expect(run(training(1, 3))).not.toEqual(run(evaluation()));
    const plain = new Attention({ width: 4, heads: 2 }, new RandomStream(1));
    expect(run(evaluation())).toEqual([...plain.forward(x, x, training(1, 3)).dataSync()]);
    layer.dispose();
    plain.dispose();
  });
});

describe('dropout', () => {
  const x = () => tf.fill([200, 100], 2);

  test('zeroes its share and scales the rest, so that the mean stays', () => {
    for (const rate of [0.1, 0.5, 0.9]) {
      const y = dropout(x(), rate, training(1, 0)).dataSync();
      const kept = [...y].filter((value) => value !== 0);
      expect(kept.every((value) => Math.abs(value - 2 / (1 - rate)) < 1e-4)).toBe(true);
      // Five standard deviations of a binomial share of 20,000.
      expect(Math.abs(kept.length / y.length - (1 - rate))).toBeLessThan(
        5 * Math.sqrt((rate * (1 - rate)) / y.length),
      );
    }
  });

  test('is the identity in evaluation and at rate 0', () => {
    expectSame(dropout(x(), 0.5, evaluation()), x(), 0);
    expectSame(dropout(x(), 0, training(1, 0)), x(), 0);
  });

  test('draws the same mask for the same step and part, another for any other', () => {
    const draw = (context: Context) => dropout(x(), 0.5, context).dataSync().join('');
    const step = training(1, 0);
    expect(draw(training(1, 0))).toBe(draw(step));
    const others = [step, training(1, 1), training(2, 0), within(step, 'a'), within(step, 'b')].map(draw);
    expect(new Set(others).size).toBe(5);
  });

  test('passes the gradient where it passed the value', () => {
    const context = training(1, 0);
    const gradient = tf.grad((input: tf.Tensor) => tf.sum(dropout(input, 0.25, context)))(x());
    expectSame(tf.mul(gradient, 2), dropout(x(), 0.25, context));
  });
});

test('triple takes one number for all axes, or three', () => {
  expect([triple(2), triple([1, 2, 3])]).toEqual([
    [2, 2, 2],
    [1, 2, 3],
  ]);
});

/** The definition, number by number. */
function byLoops(layer: Attention, queries: tf.Tensor, memory: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const heads = 2;
  const [q, k, v] = [
    layer.query.forward(queries),
    layer.key.forward(memory),
    layer.value.forward(memory),
  ].map((t) => t.arraySync() as number[][][]) as [number[][][], number[][][], number[][][]];
  const scores = bias.arraySync() as number[][][][];
  const merged = q.map((sample, b) =>
    sample.map((query, t) =>
      Array.from({ length: heads }, (_, head) => {
        const part = (row: number[]) => row.slice(head * 3, head * 3 + 3);
        const dot = (row: number[]) =>
          part(row).reduce((sum, value, i) => sum + value * (part(query)[i] as number), 0) / Math.sqrt(3);
        const exponentials = (k[b] as number[][]).map((key, s) =>
          Math.exp(dot(key) + (scores[b]?.[0]?.[t]?.[s] as number)),
        );
        const total = exponentials.reduce((sum, value) => sum + value, 0);
        return [0, 1, 2].map((i) =>
          exponentials.reduce(
            (sum, e, s) => sum + (e / total) * (part(v[b]?.[s] as number[])[i] as number),
            0,
          ),
        );
      }).flat(),
    ),
  );
  return layer.output.forward(tf.tensor3d(merged));
}
