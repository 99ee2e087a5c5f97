import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Context, evaluation, training } from '../context.js';
import { averagePool } from '../kernels/average-pool.js';
import type { Dimensions } from '../kernels/grid.js';
import { compositeGroupNorm } from '../kernels/group-norm.js';
import { compositeInstanceNorm } from '../kernels/instance-norm.js';
import { maxPool } from '../kernels/max-pool.js';
import { resize } from '../kernels/resize.js';
import type { Module } from '../module.js';
import { RandomStream } from '../random-stream.js';
import { compare } from '../testing/compare.js';
import { gradientError } from '../testing/gradient-check.js';
import { BatchNorm } from './batch-norm.js';
import { Convolution, type ConvolutionOptions } from './convolution.js';
import { dropPath } from './drop-path.js';
import { dropout } from './dropout.js';
import { GroupNorm } from './group-norm.js';
import { InstanceNorm } from './instance-norm.js';
import { LayerNorm } from './layer-norm.js';
import { PatchEmbedding } from './patch-embedding.js';
import { PatchMerging } from './patch-merging.js';
import { RelativePositionBias } from './relative-position-bias.js';
import { TransposedConvolution, type TransposedConvolutionOptions } from './transposed-convolution.js';

beforeAll(async () => {
  await loadEngine();
});

let tensors = 0;
beforeEach(() => {
  tf.engine().startScope();
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  tf.engine().endScope();
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Channels of the images below. */
const channels = 4;
/** Batches of 1, 2 and 3, odd sides and one pixel. */
const shapes = [
  [1, 6, 5, channels],
  [2, 5, 7, channels],
  [3, 1, 1, channels],
];

const uniform = (shape: readonly number[], seed: number): tf.Tensor4D => {
  const drawn: tf.Tensor = tf.randomUniform([...shape], -1, 1, 'float32', seed);
  return drawn as tf.Tensor4D;
};

function expectSame(actual: tf.Tensor, expected: tf.Tensor, atol = 2e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  const verdict = compare(actual.dataSync(), expected.dataSync(), { atol });
  expect(verdict.verdict, verdict.message).toBe('equal');
}

/** A layer or kernel, and the sides it makes. */
interface Specimen {
  readonly layer?: Module;
  readonly run: (x: tf.Tensor4D, context: Context) => tf.Tensor;
  readonly side: (side: number) => number;
  readonly channels: number;
  /** Half the step of the finite difference; small where the slope changes. */
  readonly step?: number;
  /** Of one voxel or block it is defined but has no slope, or none that is defined. */
  readonly leavesOut?: (shape: readonly number[]) => boolean;
}

const random = () => new RandomStream(1);
const same = (side: number) => side;

function convolution(options: Partial<ConvolutionOptions<2>>, side: (side: number) => number): Specimen {
  const layer = new Convolution(
    { inputChannels: channels, outputChannels: 6, kernel: 3, dimensions: 2, ...options },
    random(),
  );
  return { layer, run: (x) => layer.forward(x), side, channels: options.outputChannels ?? 6 };
}

function transposed(
  options: Partial<TransposedConvolutionOptions<2>>,
  side: (side: number) => number,
): Specimen {
  const layer = new TransposedConvolution(
    { inputChannels: channels, outputChannels: 3, kernel: 2, stride: 2, dimensions: 2, ...options },
    random(),
  );
  return { layer, run: (x) => layer.forward(x), side, channels: 3 };
}

const specimens: Record<string, () => Specimen> = {
  convolution: () => convolution({}, same),
  'strided convolution': () => convolution({ stride: 2 }, (side) => Math.ceil(side / 2)),
  'dilated convolution': () => convolution({ dilation: 2 }, same),
  'strided, dilated convolution of groups': () =>
    convolution({ stride: 2, dilation: 3, groups: 2 }, (side) => Math.ceil(side / 2)),
  'depthwise convolution': () => convolution({ groups: channels, outputChannels: channels }, same),
  'transposed convolution': () => transposed({}, (side) => 2 * side),
  'transposed convolution of 3': () =>
    transposed({ kernel: 3, padding: 1, outputPadding: 1 }, (side) => 2 * side),
  'instance norm': () => {
    const layer = new InstanceNorm({ channels, affine: true });
    return { layer, run: (x) => layer.forward(x), side: same, channels };
  },
  'group norm': () => {
    const layer = new GroupNorm({ channels, groups: 2 });
    return { layer, run: (x) => layer.forward(x), side: same, channels, step: 3e-3 };
  },
  'batch norm in evaluation': () => {
    const layer = new BatchNorm({ channels });
    return { layer, run: (x) => layer.forward(x, evaluation()), side: same, channels };
  },
  'layer norm': () => {
    const layer = new LayerNorm({ channels });
    return { layer, run: (x) => layer.forward(x), side: same, channels, step: 3e-3 };
  },
  'patch embedding': () => {
    const options = { inputChannels: channels, outputChannels: 5, patch: [2, 2], dimensions: 2 } as const;
    const layer = new PatchEmbedding(options, random());
    return { layer, run: (x) => layer.forward(x), side: (side) => Math.ceil(side / 2), channels: 5 };
  },
  'patch merging': () => {
    const layer = new PatchMerging({ channels, order: 'v2', dimensions: 2 }, random());
    const side = (given: number) => Math.ceil(given / 2);
    return { layer, run: (x) => layer.forward(x), side, channels: 2 * channels, step: 3e-3 };
  },
  'max pooling': () => ({
    run: (x) => maxPool(x, [2, 2]),
    side: (side) => Math.floor(side / 2),
    channels,
    step: 1e-4,
    leavesOut: ([, height]) => height === 1,
  }),
  'average pooling': () => ({
    run: (x) => averagePool(x, [2, 2]),
    side: (side) => Math.floor(side / 2),
    channels,
    leavesOut: ([, height]) => height === 1,
  }),
  ...Object.fromEntries(
    (['bilinear', 'bilinear-corners', 'nearest'] as const).map((mode) => [
      `${mode} resize`,
      (): Specimen => ({
        run: (x) => resize(x, [2 * x.shape[1] + 1, 2 * x.shape[2] + 1], mode),
        side: (side) => 2 * side + 1,
        channels,
      }),
    ]),
  ),
};

describe.each(Object.entries(specimens))('%s of images', (_, make) => {
  test('gives the shape it should and gradients by finite differences', () => {
    const { layer, run, leavesOut = () => false, ...expected } = make();
    for (const shape of shapes.filter((one) => !leavesOut(one))) {
      const f = (x: tf.Tensor) => run(x as tf.Tensor4D, training(1, 0));
      const x = uniform(shape, 2);
      const sides = shape.slice(1, 3).map(expected.side);
      expect(f(x).shape).toEqual([shape[0], ...sides, expected.channels]);
      // Normalised over one pixel or constant rows, the slope is that of rounding.
      const isFlat = layer !== undefined && shape[1] === 1 && expected.step !== undefined;
      if (!isFlat) expect(gradientError(f, [x], { step: expected.step ?? 1e-2 })).toBeLessThan(5e-3);
    }
    layer?.dispose();
  });

  test('of a batch of two gives what two single runs give, gradients included', () => {
    const { layer, run } = make();
    const x = uniform(shapes[1] as number[], 3);
    const variables = [...(layer?.parameters().values() ?? [])];
    const whole = (input: tf.Tensor4D) => run(input, training(1, 0));
    const apart = (input: tf.Tensor4D) =>
      tf.concat(tf.split(input, 2).map((one) => whole(one as tf.Tensor4D)));
    expectSame(whole(x), apart(x));
    const cotangent = uniform(whole(x).shape, 5);
    const gradients = [whole, apart].map((f) => {
      const input = tf.variable(x);
      const { grads, value } = tf.variableGrads(
        () => tf.sum(tf.mul(f(input as tf.Tensor as tf.Tensor4D), cotangent)),
        [input, ...variables],
      );
      const found = [input, ...variables].map((variable) => grads[variable.name] as tf.Tensor);
      tf.dispose([input, value]);
      return found;
    });
    for (const [index, gradient] of (gradients[0] ?? []).entries())
      expectSame(gradient, gradients[1]?.[index] as tf.Tensor);
    layer?.dispose();
  });
});

describe('normalisation of images', () => {
  test.each([
    ['instance', () => new InstanceNorm({ channels, affine: true }), compositeInstanceNorm(1e-5)],
    ['group', () => new GroupNorm({ channels, groups: 2 }), compositeGroupNorm(2, 1e-5)],
  ] as const)('%s norm: native equals composite, gradients too', (_, make, composite) => {
    const layer = make();
    for (const shape of shapes) {
      const x = uniform(shape, 6);
      const weights = uniform(shape, 7);
      const both = [
        (at: tf.Tensor) => layer.forward(at),
        (at: tf.Tensor) => composite(at, tf.ones([channels]), tf.zeros([channels])),
      ];
      const [ours, theirs] = both.map((f) => [f(x), tf.grad((at) => tf.sum(tf.mul(f(at), weights)))(x)]);
      // Over the two numbers of a group of one pixel, the gradient magnifies rounding.
      for (const [index, tensor] of (ours ?? []).entries())
        expectSame(tensor, theirs?.[index] as tf.Tensor, 2e-4);
    }
    layer.dispose();
  });
});

test('dropout and stochastic depth drop pixels and whole images', () => {
  const x = tf.ones([64, 3, 2, 2]);
  const kept = dropPath(x, 0.5, training(1, 0)).arraySync() as number[][][][];
  for (const image of kept) expect(new Set(image.flat(2)).size).toBe(1);
  expect(new Set(dropout(x, 0.5, training(1, 0)).dataSync())).toEqual(new Set([0, 2]));
});

describe('options', () => {
  const base = { inputChannels: 8, outputChannels: 12, kernel: 3 };
  const cases: [Partial<ConvolutionOptions<Dimensions>>, string, string, string][] = [
    [{ kernel: 0 }, 'bad-option', 'kernel', 'nearest is 1'],
    [{ stride: 1.4 }, 'bad-option', 'stride', 'nearest is 1'],
    [{ dilation: Number.NaN }, 'bad-option', 'dilation', 'nearest is 1'],
    [{ padding: -2 }, 'bad-option', 'padding', 'nearest is 0'],
    [{ groups: 0 }, 'bad-option', 'groups', 'nearest is 1'],
    [{ groups: 3 }, 'groups-do-not-divide', 'multiples of 3', 'nearest is 2'],
    [{ dimensions: 2, stride: [2, 2, 1] }, 'bad-option', '2 axes, received [2,2,1]', '[2,2]'],
    [{ stride: [2, 1] }, 'bad-option', '3 axes, received [2,1]', '[2,1,1]'],
  ];
  test.each(cases)('of a convolution: %o is refused as %s', (wrong, code, message, hint) => {
    expect(() => new Convolution<Dimensions>({ ...base, ...wrong }, random())).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  test('of other layers with sides are checked the same way', () => {
    for (const make of [
      () => new TransposedConvolution<Dimensions>({ ...base, stride: [2, 2] }, random()),
      () => new PatchEmbedding({ ...base, patch: 0 }, random()),
      () => new RelativePositionBias<Dimensions>({ window: [7, 7], heads: 2 }, random()),
    ]) {
      expect(make).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }
  });

  test('of an image have two numbers, and a volume is refused', () => {
    const options: ConvolutionOptions<Dimensions> = { ...base, dimensions: 2, kernel: [3, 5], groups: 4 };
    const layer = new Convolution(options, random());
    expect(layer.weight.shape).toEqual([3, 5, 2, 12]);
    expect(layer.forward(uniform([1, 4, 4, 8], 1)).shape).toEqual([1, 4, 4, 12]);
    const volume = tf.zeros<tf.Rank.R5>([1, 4, 4, 4, 8]);
    expect(() => layer.forward(volume)).toThrow(expect.objectContaining({ code: 'wrong-rank' }));
    layer.dispose();
  });

  test('of a volume refuse an image', () => {
    const image = uniform([1, 2, 2, channels], 1);
    const merging = new PatchMerging<Dimensions>({ channels, order: 'v2' }, random());
    for (const call of [
      () => maxPool(image, [2, 2, 2]),
      () => averagePool(image, [2, 2, 2]),
      () => resize(image, [2, 2, 2], 'trilinear'),
      () => merging.forward(image),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'wrong-rank' }));
    }
    merging.dispose();
  });
});
