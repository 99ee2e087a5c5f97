import { describe, expect, test } from 'vitest';
import { surfelSizes } from './surfel-sizes.js';

const grid = { depth: 1, height: 1, width: 1 };
const areas = surfelSizes({ ...grid, spacing: [2, 3, 5], flat: false });
const unit = surfelSizes({ ...grid, spacing: [1, 1, 1], flat: false });
const lengths = surfelSizes({ ...grid, spacing: [1, 3, 4], flat: true });

describe('surfelSizes', () => {
  test('an empty and a full neighbourhood have no surface', () => {
    expect([areas[0], areas[255], lengths[0], lengths[15]]).toEqual([0, 0, 0, 0]);
  });

  test('half the neighbourhood is a face of the voxel grid', () => {
    expect(areas[0b1111_0000]).toBeCloseTo(3 * 5, 12);
    expect(areas[0b1100_1100]).toBeCloseTo(2 * 5, 12);
    expect(areas[0b1010_1010]).toBeCloseTo(2 * 3, 12);
  });

  test('unit areas of the kinds of component', () => {
    const root = Math.sqrt;
    expect(unit[0b1000_0000]).toBeCloseTo(root(3) / 8, 12);
    expect(unit[0b1100_0000]).toBeCloseTo(root(2) / 2, 12);
    expect(unit[0b1110_0000]).toBeCloseTo(1 / 2 + (3 * root(3)) / 8, 12);
    expect(unit[0b1110_1000]).toBeCloseTo((3 * root(3)) / 4, 12);
    expect(unit[0b1101_1000]).toBeCloseTo(root(3) / 2 + root(2) / 2, 12);
    expect(unit[0b1001_0110]).toBeCloseTo((4 * root(3)) / 8, 12);
  });

  test('inside and outside have the same surface', () => {
    for (let code = 0; code < 256; code++) expect(areas[code]).toBeCloseTo(areas[255 - code] ?? -1, 12);
  });

  test('pixels: half a diagonal for each corner, a side for each edge', () => {
    expect(Array.from(lengths.subarray(1, 8))).toEqual([2.5, 2.5, 4, 2.5, 3, 5, 2.5]);
  });
});
