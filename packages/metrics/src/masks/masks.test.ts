import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundaryIou, centreOfMassDistance, connectedComponents, detectLesions } from '../index.js';

const flat = (rows: readonly string[]): Uint8Array =>
  Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0));
const pixels = (rows: readonly string[]): { shape: number[]; spacing: number[] } => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  spacing: [1, 1],
});

describe('connectedComponents', () => {
  const rows = ['##..#', '..#..', '....#', '...#.'];

  test('diagonal pixels connect by corners of pixels, not by faces', () => {
    expect(connectedComponents(flat(rows), pixels(rows), 'faces').sizes).toEqual([14, 2, 1, 1, 1, 1]);
    const { map, sizes } = connectedComponents(flat(rows), pixels(rows), 'edges');
    expect(sizes).toEqual([14, 3, 1, 2]);
    expect(map[7]).toBe(1);
    expect(map[14]).toBe(3);
  });

  test('two voxels that share a corner connect only by corners', () => {
    const mask = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1);
    const grid = { shape: [2, 2, 2], spacing: [1, 1, 1] };
    expect(connectedComponents(mask, grid, 'edges').sizes).toEqual([6, 1, 1]);
    expect(connectedComponents(mask, grid, 'corners').sizes).toEqual([6, 2]);
  });

  test('components are closed under their connection', () => {
    const side = 5;
    const grid = { shape: [side, side, side], spacing: [1, 1, 1] };
    const anyMask = fc.uint8Array({ minLength: side ** 3, maxLength: side ** 3, max: 1 });
    fc.assert(
      fc.property(anyMask, (mask) => {
        const { map, sizes } = connectedComponents(mask, grid, 'faces');
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(side ** 3);
        for (let i = 0; i < mask.length; i++) {
          expect((map[i] ?? 0) > 0).toBe(mask[i] === 1);
          const hasNext = i % side < side - 1 && mask[i] === 1 && mask[i + 1] === 1;
          if (hasNext) expect(map[i + 1]).toBe(map[i]);
        }
      }),
    );
  });
});

describe('detectLesions', () => {
  const reference = ['##...', '##..#', '.....', '#...#'];
  const prediction = ['.#...', '.....', '.....', '#.#..'];

  test('counts lesions found, missed and invented', () => {
    const options = pixels(reference);
    expect(detectLesions(flat(prediction), flat(reference), options)).toEqual({
      truePositive: 2,
      falsePositive: 1,
      falseNegative: 2,
      f1: 4 / 7,
    });
    expect(detectLesions(flat(prediction), flat(reference), { ...options, iouAbove: 0.25 })).toMatchObject({
      truePositive: 1,
      falsePositive: 2,
      falseNegative: 3,
    });
  });

  test('no lesion anywhere is undefined; a threshold of 1 is refused', () => {
    const none = new Uint8Array(20);
    expect(detectLesions(none, none, pixels(reference)).f1).toBeNull();
    expect(() => detectLesions(none, none, { ...pixels(reference), iouAbove: 1 })).toThrow(/iouAbove is 1/);
  });
});

describe('centreOfMassDistance', () => {
  test('is in mm along each axis', () => {
    const grid = { shape: [1, 2, 3], spacing: [5, 3, 2] };
    expect(centreOfMassDistance(Uint8Array.of(1, 0, 0, 0, 0, 0), Uint8Array.of(0, 0, 0, 0, 0, 1), grid)).toBe(
      5,
    );
    expect(centreOfMassDistance(Uint8Array.of(1, 0, 1, 0, 0, 0), Uint8Array.of(0, 1, 0, 0, 0, 0), grid)).toBe(
      0,
    );
    expect(centreOfMassDistance(new Uint8Array(6), new Uint8Array(6).fill(1), grid)).toBeNull();
  });
});

describe('boundaryIou', () => {
  const square = ['......', '.####.', '.####.', '.####.', '.####.', '......'];
  const larger = ['######', '######', '######', '######', '######', '######'];

  test('the rims of nested squares do not meet until they are wide enough', () => {
    const options = pixels(square);
    const iou = (widthMm: number): number | null =>
      boundaryIou(flat(square), flat(larger), { ...options, widthMm });
    expect(iou(1)).toBe(0);
    expect(iou(2)).toBe(12 / (36 - 4 + 4));
    expect(iou(10)).toBe(16 / 36);
  });

  test('a mask and itself, and nothing at all', () => {
    const options = { ...pixels(square), widthMm: 1 };
    expect(boundaryIou(flat(square), flat(square), options)).toBe(1);
    expect(boundaryIou(new Uint8Array(36), new Uint8Array(36), options)).toBeNull();
    expect(() => boundaryIou(flat(square), flat(square), { ...options, widthMm: 0 })).toThrow(/widthMm is 0/);
  });

  test('in a volume every face counts', () => {
    const grid = { shape: [3, 3, 3], spacing: [1, 1, 1], widthMm: 1 };
    const hollow = Uint8Array.from({ length: 27 }, (_, i) => (i === 13 ? 0 : 1));
    expect(boundaryIou(new Uint8Array(27).fill(1), hollow, grid)).toBe(1);
  });
});
