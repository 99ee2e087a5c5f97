import { loadEngine } from '@bipvl/engine';
import { compare, numericGradient } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type AlignmentInputs,
  alignmentLosses,
  conceptWeights,
  cosineSimilarity,
  globalAlignmentLoss,
  localAlignmentLoss,
  unitVectors,
} from './index.js';

beforeAll(async () => {
  await loadEngine();
});

/** spec/bipvl-seg.md section 14, values 1 and 2. */
const goldenRows = [
  [0.9, 0.1, -0.2, 0],
  [0.3, 0.8, 0, -0.1],
  [-0.1, 0.2, 0.7, 0.4],
  [0.05, -0.3, 0.5, 0.6],
];

function golden(): tf.Tensor {
  return tf.tensor2d(goldenRows);
}

function value(tensor: tf.Tensor): number {
  return tensor.dataSync()[0] ?? Number.NaN;
}

function wave(shape: [number, number, number], frequency: number): tf.Tensor3D {
  const size = shape.reduce((a, b) => a * b);
  return tf.tensor3d(
    Array.from({ length: size }, (_, i) => Math.sin(frequency * i + 1)),
    shape,
  );
}

describe('similarities', () => {
  test('of a zero vector are 0 with finite gradients', () => {
    const { value: cosines, grad } = tf.valueAndGrad((a) => tf.sum(cosineSimilarity(a, tf.ones([2, 3]))))(
      tf.zeros([2, 3]),
    );
    expect(value(cosines)).toBe(0);
    expect([...grad.dataSync()].every(Number.isFinite)).toBe(true);
  });

  test('have the gradient of x / |x|', () => {
    const [x, weights] = [
      [0.3, -1.2, 2],
      [0.7, 0.1, -0.4],
    ];
    const gradient = tf.grad((v) => tf.sum(tf.mul(unitVectors(v), weights)))(tf.tensor(x));
    const expected = numericGradient((v) => {
      const length = Math.hypot(...v);
      return v.reduce((sum, component, i) => sum + (component / length) * (weights[i] ?? 0), 0);
    }, x);
    expect(compare(gradient.dataSync(), expected, { atol: 1e-6 }).message).toMatch(/^equal/);
  });
});

describe('globalAlignmentLoss', () => {
  test('has the golden value', () => {
    expect(value(globalAlignmentLoss(golden()))).toBeCloseTo(0.225116, 5);
  });

  test('averages over images', () => {
    const both = tf.stack([golden(), tf.transpose(golden()), tf.zeros([4, 4])]);
    expect(value(globalAlignmentLoss(both))).toBeCloseTo((2 * 0.225116 + Math.log(4)) / 3, 5);
  });

  test('is 0 for a single class, whatever the similarity', () => {
    expect(value(globalAlignmentLoss(tf.tensor2d([[-0.3]])))).toBe(0);
  });
});

describe('localAlignmentLoss', () => {
  test('has the golden values', () => {
    expect(value(localAlignmentLoss(golden(), { hardNegatives: 2 }))).toBeCloseTo(0.21591, 5);
    expect(value(localAlignmentLoss(golden(), { hardNegatives: 3 }))).toBeCloseTo(0.225116, 5);
  });

  test('is the full InfoNCE for two classes and 0 for one', () => {
    const two = tf.tensor2d([
      [0.4, 0.3],
      [-0.2, 0.1],
    ]);
    expect(value(localAlignmentLoss(two))).toBeCloseTo(value(globalAlignmentLoss(two)), 6);
    const { value: one, grad } = tf.valueAndGrad((s) => localAlignmentLoss(s))(tf.tensor2d([[0.4]]));
    expect([value(one), value(grad)]).toEqual([0, 0]);
  });

  test('excludes duplicates in both directions (golden test 12)', () => {
    const duplicates = [square(4, (i, j) => (i === 2 && j === 3) || (i === 3 && j === 2))];
    const { value: loss, grad } = tf.valueAndGrad((s) => localAlignmentLoss(s, { duplicates }))(golden());
    const slopes = grad.arraySync() as number[][];
    expect(slopes[2]?.[3]).toBe(0);
    expect(slopes[3]?.[2]).toBe(0);
    expect(slopes[2]?.[1]).not.toBe(0);
    expect(value(loss)).toBeCloseTo(
      referenceLocal(goldenRows, 3, (i, j) => duplicates[0]?.[i]?.[j] === true),
      5,
    );
  });

  test('one flag of a pair is enough, and a class whose negatives are all duplicates has loss 0', () => {
    const duplicates = [square(2, (i, j) => i === 0 && j === 1)];
    expect(
      value(
        localAlignmentLoss(
          tf.tensor2d([
            [0.1, 0.9],
            [0.9, 0.1],
          ]),
          { duplicates },
        ),
      ),
    ).toBe(0);
  });

  test('skips absent concepts as rows and as negatives', () => {
    const slots = tf.reshape(tf.stack([golden(), tf.neg(golden())]), [1, 2, 4, 4]);
    const conceptMask = [
      [true, true],
      [true, false],
      [true, false],
      [true, true],
    ];
    const kept = [0, 3].map((i) => [0, 3].map((j) => -(goldenRows[i]?.[j] ?? 0)));
    const expected = (referenceLocal(goldenRows, 3, () => false) + referenceLocal(kept, 3, () => false)) / 2;
    expect(value(localAlignmentLoss(slots, { conceptMask }))).toBeCloseTo(expected, 5);
    const emptySlot = conceptMask.map(([first]) => [first === true, false]);
    expect(value(localAlignmentLoss(slots, { conceptMask: emptySlot }))).toBeCloseTo(
      referenceLocal(goldenRows, 3, () => false),
      5,
    );
  });
});

describe('conceptWeights', () => {
  test('are the softmax over concepts of cosines; absent concepts weigh nothing', () => {
    const vision = tf.tensor3d([[[1, 0]]]);
    const concepts = tf.tensor3d([
      [
        [2, 0],
        [0, 3],
        [-1, 0],
      ],
    ]);
    const powers = [1, 0, -1].map(Math.exp);
    const total = powers.reduce((a, b) => a + b);
    const weights = conceptWeights(vision, concepts).dataSync();
    const expected = powers.map((power) => power / total);
    expect(compare(weights, expected, { atol: 1e-6 }).message).toMatch(/^equal/);
    const masked = conceptWeights(vision, concepts, tf.tensor2d([[0, 1, 1]])).dataSync();
    expect(masked[0]).toBe(0);
    expect((masked[1] ?? 0) + (masked[2] ?? 0)).toBeCloseTo(1, 6);
  });
});

describe('alignmentLosses', () => {
  const shape = { images: 2, classes: 4, slots: 3, width: 5 };
  const inputs = (): AlignmentInputs => ({
    visionVectors: wave([shape.images, shape.classes, shape.width], 3),
    conceptVectors: wave([shape.classes, shape.slots, shape.width], 2),
    hardNegatives: 2,
  });

  test('agree with their definition in float64, and so do their gradients', () => {
    const { visionVectors, conceptVectors } = inputs();
    const both = tf.grads((a, b) => {
      const { global, local } = alignmentLosses({
        ...inputs(),
        visionVectors: a as tf.Tensor3D,
        conceptVectors: b as tf.Tensor3D,
      });
      return tf.add(global, tf.mul(2, local));
    })([visionVectors, conceptVectors]);
    const [a, b] = [visionVectors.dataSync(), conceptVectors.dataSync()];
    const result = alignmentLosses(inputs());
    const expected = reference(a, b, shape);
    expect(value(result.global)).toBeCloseTo(expected.global, 5);
    expect(value(result.local)).toBeCloseTo(expected.local, 5);
    const total = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
      reference(x, y, shape).global + 2 * reference(x, y, shape).local;
    const slopes = [numericGradient((x) => total(x, b), a), numericGradient((y) => total(a, y), b)];
    slopes.forEach((slope, which) => {
      expect(compare(both[which]?.dataSync() ?? [], slope, { atol: 3e-5 }).message).toMatch(/^equal/);
    });
  });

  test('of two images are the mean of each alone', () => {
    const { visionVectors } = inputs();
    const alone = [0, 1].map((n) =>
      alignmentLosses({ ...inputs(), visionVectors: tf.slice(visionVectors, [n, 0, 0], [1, 4, 5]) }),
    );
    const together = alignmentLosses(inputs());
    for (const part of ['global', 'local'] as const) {
      const mean = alone.reduce((sum, losses) => sum + value(losses[part]), 0) / 2;
      expect(value(together[part])).toBeCloseTo(mean, 5);
    }
    expect(together.similarity.shape).toEqual([2, 4, 4]);
    expect(together.weights.shape).toEqual([2, 4, 3]);
  });

  test('draw their noise by name and shape, and it changes the losses', () => {
    const asked: string[] = [];
    const draw = (drawn: number[], name: string): tf.Tensor => {
      asked.push(`${name} ${drawn}`);
      return tf.sin(
        tf.reshape(
          tf.range(
            0,
            drawn.reduce((a, b) => a * b),
          ),
          drawn,
        ),
      );
    };
    const noisy = alignmentLosses({ ...inputs(), noise: { stddev: 0.1, draw } });
    expect(asked.sort()).toEqual(['concept 4,3,5', 'text 2,4,5', 'vision 2,4,5']);
    expect(value(noisy.global)).not.toBeCloseTo(value(alignmentLosses(inputs()).global), 4);
  });

  test('have no local part where each class is one string', () => {
    const single = alignmentLosses({ ...inputs(), conceptVectors: wave([4, 1, 5], 2) });
    expect(value(single.local)).toBe(0);
    expect(compare(single.weights.dataSync(), Array<number>(8).fill(1), { atol: 1e-6 }).message).toMatch(
      /^equal/,
    );
  });

  test('follow the order of the classes', () => {
    const order = tf.tensor1d([2, 0, 3, 1], 'int32');
    const { visionVectors, conceptVectors } = inputs();
    const permuted = alignmentLosses({
      ...inputs(),
      visionVectors: tf.gather(visionVectors, order, 1),
      conceptVectors: tf.gather(conceptVectors, order, 0),
    });
    const straight = alignmentLosses(inputs());
    expect(value(permuted.global)).toBeCloseTo(value(straight.global), 5);
    expect(value(permuted.local)).toBeCloseTo(value(straight.local), 5);
  });
});

describe('bad input', () => {
  const a = (): tf.Tensor3D => tf.zeros([1, 2, 3]);
  const b = (): tf.Tensor3D => tf.zeros([2, 4, 3]);
  test.each([
    ['oblong similarities', 'bad-shape', () => globalAlignmentLoss(tf.zeros([2, 3]))],
    ['a temperature of 0', 'bad-option', () => globalAlignmentLoss(golden(), 0)],
    ['half a negative', 'bad-option', () => localAlignmentLoss(golden(), { hardNegatives: 0.5 })],
    ['similarities of rank 3', 'bad-shape', () => localAlignmentLoss(tf.zeros([2, 3, 3]))],
    [
      'duplicates of another slot count',
      'bad-shape',
      () => localAlignmentLoss(golden(), { duplicates: [square(4, () => false), square(4, () => false)] }),
    ],
    [
      'vectors of other widths',
      'bad-shape',
      () => alignmentLosses({ visionVectors: a(), conceptVectors: tf.zeros([2, 4, 5]) }),
    ],
    [
      'vectors of other classes',
      'bad-shape',
      () => alignmentLosses({ visionVectors: a(), conceptVectors: tf.zeros([3, 4, 3]) }),
    ],
    [
      'a class without concept',
      'bad-shape',
      () =>
        alignmentLosses({
          visionVectors: a(),
          conceptVectors: b(),
          conceptMask: [
            [true, true, true, true],
            [false, false, false, false],
          ],
        }),
    ],
  ])('%s is refused', (_, code, act) => {
    expect(() => tf.tidy(() => void act())).toThrow(expect.objectContaining({ code, name: 'LossError' }));
  });
});

function square(n: number, holds: (i: number, j: number) => boolean): boolean[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => holds(i, j)));
}

/** Section 6.5 in float64 for one slot: both directions of InfoNCE against the hardest negatives. */
function referenceLocal(
  rows: readonly (readonly number[])[],
  hard: number,
  excluded: (i: number, j: number) => boolean,
  tau = 0.2,
): number {
  const columns = rows.map((_, j) => rows.map((row) => row[j] ?? 0));
  const losses = [rows, columns].flatMap((direction) =>
    direction.map((row, i) => {
      const wrong = row.filter((_, j) => j !== i && !excluded(i, j)).sort((x, y) => y - x);
      const own = Math.exp((row[i] ?? 0) / tau);
      return Math.log(1 + wrong.slice(0, hard).reduce((sum, s) => sum + Math.exp(s / tau), 0) / own);
    }),
  );
  return losses.reduce((x, y) => x + y) / losses.length;
}

interface Shape {
  readonly images: number;
  readonly classes: number;
  readonly slots: number;
  readonly width: number;
}

/** Sections 6.4 and 6.5 in float64, written as they read: loops over images, classes and slots. */
function reference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { images, classes, slots, width }: Shape,
): { global: number; local: number } {
  const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const vision = (n: number, j: number): number[] =>
    range(width).map((p) => a[(n * classes + j) * width + p] ?? 0);
  const concept = (j: number, k: number): number[] =>
    range(width).map((p) => b[(j * slots + k) * width + p] ?? 0);
  const dot = (x: number[], y: number[]): number =>
    x.reduce((sum, component, i) => sum + component * (y[i] ?? 0), 0);
  const cosine = (x: number[], y: number[]): number => dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  const text = (n: number, j: number): number[] => {
    const powers = range(slots).map((k) => Math.exp(cosine(concept(j, k), vision(n, j))));
    const total = powers.reduce((x, y) => x + y);
    return range(width).map((p) =>
      powers.reduce((sum, power, k) => sum + (power / total) * (concept(j, k)[p] ?? 0), 0),
    );
  };
  const matrix = (entry: (i: number, j: number) => number): number[][] =>
    range(classes).map((i) => range(classes).map((j) => entry(i, j)));
  let [global, local] = [0, 0];
  for (const n of range(images)) {
    const S = matrix((i, j) => cosine(vision(n, i), text(n, j)));
    global += referenceLocal(S, classes, () => false) / images;
    for (const k of range(slots)) {
      const slot = matrix((i, j) => cosine(concept(i, k), vision(n, j)));
      local += referenceLocal(slot, 2, () => false) / (images * slots);
    }
  }
  return { global, local };
}
