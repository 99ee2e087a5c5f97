import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import type { Shape3 } from '../volume.js';
import { fillHoles } from './fill-holes.js';
import { channelOf, differing, hashedMask, maskOf, twoChannels } from './masks.test-support.js';

const MASK = hashedMask([6, 5, 6], 0.7);

/** Background that no path over faces leads out of, found by letting the outside seep in until nothing changes. */
function holes(values: readonly number[], [depth, height, width]: Shape3): number[] {
  const steps = [height * width, width, 1];
  const wet = values.map(() => false);
  const places = (at: number) => [
    Math.floor(at / (height * width)),
    Math.floor(at / width) % height,
    at % width,
  ];
  for (let changed = true; changed; ) {
    changed = false;
    for (const [at, value] of values.entries()) {
      if (value !== 0 || wet[at]) continue;
      const outside = places(at).some((place, axis) => {
        const last = ([depth, height, width][axis] as number) - 1;
        const step = steps[axis] as number;
        return place === 0 || place === last || wet[at - step] === true || wet[at + step] === true;
      });
      if (outside) wet[at] = changed = true;
    }
  }
  return values.flatMap((value, at) => (value === 0 && !wet[at] ? [at] : []));
}

describe('fillHoles', () => {
  // SciPy 1.17: numpy.flatnonzero(binary_fill_holes(mask) & ~mask), and the same slice by slice along an axis
  it('fills what SciPy fills, in 3-D or slice by slice', () => {
    expect(differing(fillHoles(MASK), MASK)).toEqual([50, 67, 103, 106, 133, 139]);
    expect(differing(fillHoles(MASK, { perSlice: 0 }), MASK)).toEqual([
      14, 15, 16, 39, 45, 46, 50, 67, 103, 106, 133, 139, 170,
    ]);
    expect(differing(fillHoles(MASK, { perSlice: 1 }), MASK)).toEqual([
      39, 50, 67, 85, 92, 103, 106, 121, 133, 139, 148,
    ]);
    expect(differing(fillHoles(MASK, { perSlice: 2 }), MASK)).toEqual([
      43, 50, 53, 67, 77, 83, 103, 106, 133, 139,
    ]);
  });

  it('agrees with water seeping in from outside', () => {
    const random = seededRandom(21);
    let found = 0;
    for (let round = 0; round < 150; round += 1) {
      const shape: Shape3 = [1, 2, 3].map(() => 1 + Math.floor(random() * 7)) as [number, number, number];
      const density = 0.5 + random() / 2;
      const count = shape[0] * shape[1] * shape[2];
      const values = Array.from({ length: count }, () => (random() < density ? 1 : 0));
      const mask = maskOf(shape, values);
      expect(differing(fillHoles(mask), mask)).toEqual(holes(values, shape));
      found += holes(values, shape).length;
    }
    expect(found).toBeGreaterThan(50);
  });

  it('leaves other labels in a hole as they are, and fills around them', () => {
    const ring = [1, 1, 1, 1, 1, 1, 2, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    const filled = fillHoles(maskOf([1, 4, 5], ring), { perSlice: 0 });
    expect([...filled.data]).toEqual([1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('gives a hole within two labels to the one that comes first', () => {
    const nested = Array.from({ length: 25 }, (_, i) => {
      const ring = Math.max(Math.abs(Math.floor(i / 5) - 2), Math.abs((i % 5) - 2));
      return [0, 2, 1][ring] ?? 0;
    });
    const mask = maskOf([1, 5, 5], nested);
    expect(fillHoles(mask, { perSlice: 0 }).data[12]).toBe(1);
    expect(fillHoles(mask, { perSlice: 0, labels: [2, 1] }).data[12]).toBe(2);
    expect(fillHoles(mask, { perSlice: 0, labels: [7] })).toEqual(mask);
  });

  it('takes each channel by itself, and leaves its input alone', () => {
    const full = maskOf([6, 5, 6], new Array(180).fill(0));
    const both = twoChannels(MASK, full);
    const before = both.data.slice();
    const filled = fillHoles(both);
    expect(channelOf(filled, 0)).toEqual([...fillHoles(MASK).data]);
    expect(channelOf(filled, 1)).toEqual([...full.data]);
    expect(both.data).toEqual(before);
  });

  it('refuses an axis that is none', () => {
    expect(() => fillHoles(MASK, { perSlice: 3 as 0 })).toThrow(
      expect.objectContaining({ code: 'bad-axis', kind: 'usage' }),
    );
  });
});
