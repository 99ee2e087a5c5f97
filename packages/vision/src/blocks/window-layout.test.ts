import { loadEngine } from '@bipvl/engine';
import { rearrangeRows, type Triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { paddedWindowLayout, type WindowLayout, windowLayout } from './window-layout.js';

beforeAll(async () => {
  await loadEngine();
});

/** Sides, window and shift: whole multiples, odd sides, sides shorter than the window, one voxel. */
const cases: [Triple, Triple, Triple][] = [
  [
    [4, 4, 4],
    [2, 2, 2],
    [0, 0, 0],
  ],
  [
    [4, 6, 4],
    [2, 3, 4],
    [1, 1, 2],
  ],
  [
    [5, 7, 4],
    [3, 3, 3],
    [1, 1, 1],
  ],
  [
    [2, 9, 3],
    [4, 4, 3],
    [2, 2, 1],
  ],
  [
    [1, 1, 5],
    [7, 7, 2],
    [3, 3, 1],
  ],
];

/** The window and shift in use: a side no longer than the window's has one window and no shift. */
function used(sides: Triple, window: Triple, shift: Triple): [Triple, Triple] {
  const fits = sides.map((side, axis) => side <= (window[axis] as number));
  return [
    window.map((side, axis) => (fits[axis] ? sides[axis] : side)) as unknown as Triple,
    shift.map((step, axis) => (fits[axis] ? 0 : step)) as unknown as Triple,
  ];
}

/** Pads, rolls and cuts a grid [N, D, H, W, C] with tensor operations, in steps of rank 5. */
function byTensors(x: tf.Tensor, window: Triple, shift: Triple): tf.Tensor {
  const sides = x.shape.slice(1, 4);
  const margins = sides.map((side, axis) => [
    0,
    Math.ceil(side / (window[axis] as number)) * (window[axis] as number) - side,
  ]);
  let grid: tf.Tensor = tf.pad(x, [[0, 0], ...margins, [0, 0]] as [number, number][]);
  for (const axis of [1, 2, 3]) {
    const step = shift[axis - 1] as number;
    const [head, tail] = tf.split(grid, [step, (grid.shape[axis] as number) - step], axis);
    grid = tf.concat([tail as tf.Tensor, head as tf.Tensor], axis);
  }
  const [batch, depth, height, width, channels] = grid.shape as [number, number, number, number, number];
  const [d, h, w] = window;
  const first = tf.reshape(grid, [(batch * depth) / d, d, height / h, h, width * channels]);
  const second = tf.reshape(tf.transpose(first, [0, 2, 1, 3, 4]), [
    (batch * depth * height) / d / h,
    d * h,
    width / w,
    w,
    channels,
  ]);
  return tf.reshape(tf.transpose(second, [0, 2, 1, 3, 4]), [batch, -1, channels]);
}

/** Regions as Swin numbers them: up to the last window, the last window up to the shift, the shift. */
function regionOf(coordinate: number, padded: number, window: number, shift: number): number {
  if (shift === 0 || coordinate < padded - window) return 0;
  return coordinate < padded - shift ? 1 : 2;
}

describe.each(cases)('a grid of %j in windows of %j, shifted by %j', (sides, window, shift) => {
  const [inUse, moved] = used(sides, window, shift);
  describeLayout(windowLayout(sides, window, shift), sides, inUse, moved);
});

describe.each(cases)('a grid of %j in windows of exactly %j, shifted by %j', (sides, window, shift) => {
  describeLayout(paddedWindowLayout(sides, window, shift), sides, window, shift);
});

function describeLayout(layout: WindowLayout, sides: Triple, inUse: Triple, moved: Triple): void {
  const padded = sides.map((side, axis) => {
    const step = inUse[axis] as number;
    return Math.ceil(side / step) * step;
  }) as unknown as Triple;

  test('is padded, rolled and cut in one copy, and back without loss', () => {
    const x = tf.randomUniform([2, ...sides, 3], -1, 1, 'float32', 1);
    const rows = tf.reshape(x, [2, -1, 3]) as tf.Tensor3D;
    const windows = rearrangeRows(rows, layout.split);
    expect(layout.tokens).toBe(inUse[0] * inUse[1] * inUse[2]);
    expect([...windows.dataSync()]).toEqual([...byTensors(x, inUse, moved).dataSync()]);
    expect([...rearrangeRows(windows, layout.join).dataSync()]).toEqual([...rows.dataSync()]);
  });

  test('hides from each other what a shift brings together', () => {
    if (moved.every((step) => step === 0)) {
      expect(layout.regions).toBeUndefined();
      return;
    }
    const { kinds, labels } = layout.regions as NonNullable<typeof layout.regions>;
    const coordinates = tf.buffer([1, ...padded, 1]);
    for (let i = 0; i < coordinates.size; i++) {
      const [, d, h, w] = coordinates.indexToLoc(i) as [number, number, number, number];
      const region = [d, h, w].map((at, axis) =>
        regionOf(at, padded[axis] as number, inUse[axis] as number, moved[axis] as number),
      );
      coordinates.values[i] = (region[0] as number) * 9 + (region[1] as number) * 3 + (region[2] as number);
    }
    const regions = byTensors(coordinates.toTensor(), inUse, [0, 0, 0]).dataSync();
    expect(kinds.length * layout.tokens).toBe(regions.length);
    for (const [index, kind] of kinds.entries()) {
      const theirs = regions.slice(index * layout.tokens, (index + 1) * layout.tokens);
      const ours = labels.slice(kind * layout.tokens, (kind + 1) * layout.tokens);
      for (let i = 0; i < layout.tokens; i++)
        for (let j = 0; j < i; j++) expect(ours[i] === ours[j]).toBe(theirs[i] === theirs[j]);
    }
    expect(new Set(labels.slice(0, layout.tokens)).size).toBe(1);
  });
}
