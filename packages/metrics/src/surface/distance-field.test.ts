import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DistanceField } from './distance-field.js';
import { Surface } from './surface.js';

const spacing = [0.7, 1.3, 5] as const;

function bruteForce(sites: Uint8Array, bit: number, height: number, width: number, position: number): number {
  const place = (i: number): [number, number, number] => [
    Math.floor(i / (height * width)),
    Math.floor(i / width) % height,
    i % width,
  ];
  const [d, h, w] = place(position);
  let nearest = Number.POSITIVE_INFINITY;
  for (const [i, site] of sites.entries()) {
    if (!(site & bit)) continue;
    const [e, j, v] = place(i);
    nearest = Math.min(nearest, Math.hypot((d - e) * spacing[0], (h - j) * spacing[1], (w - v) * spacing[2]));
  }
  return nearest;
}

function everywhere(count: number): Surface {
  const surface = new Surface();
  for (let position = 0; position < count; position++) surface.add(position, 0);
  return surface;
}

describe('DistanceField', () => {
  const anyExtent = fc.tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 30 }),
  );
  const field = new DistanceField();

  test('finds the nearest site of every place, near and far, as all pairs do', () => {
    fc.assert(
      fc.property(
        anyExtent.chain(([depth, height, width]) =>
          fc.record({
            grid: fc.constant({ depth, height, width }),
            places: fc.uniqueArray(fc.nat(depth * height * width - 1), { minLength: 1, maxLength: 4 }),
          }),
        ),
        ({ grid, places }) => {
          const count = grid.depth * grid.height * grid.width;
          const sites = new Uint8Array(count).fill(1);
          for (const place of places) sites[place] = 2;
          field.load(sites, 2, grid, spacing);
          const distances = field.measure(everywhere(count));
          for (let i = 0; i < count; i++) {
            expect(distances[i]).toBeCloseTo(bruteForce(sites, 2, grid.height, grid.width, i), 9);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('refuses a grid deeper than its offsets can count', () => {
    const grid = { depth: 65_535, height: 1, width: 1 };
    expect(() => field.load(new Uint8Array(65_535).fill(2), 2, grid, spacing)).toThrow(/at most 65534/);
  });
});
