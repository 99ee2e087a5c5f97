import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConventionName, evaluateCase, type LabelResult } from '../index.js';

const side = 6;
const shape = [side, side, side] as const;
const conventions: readonly ConventionName[] = ['surface-distance', 'monai', 'medpy'];
const anyMask = fc.uint8Array({ minLength: side ** 3, maxLength: side ** 3, max: 3 }).map((bytes) =>
  // One voxel in four, so that masks have holes, islands and thin parts.
  bytes.map((byte) => (byte === 0 ? 1 : 0)),
);
const spacings = [
  [1, 1, 1],
  [0.7, 0.7, 5],
  [1.25, 0.8, 2],
  [3, 0.5, 1],
] as const;
const anySpacing = fc.constantFrom(...spacings);
const anyConvention = fc.constantFrom(...conventions);

function measure(
  prediction: Uint8Array,
  reference: Uint8Array,
  spacing: readonly number[],
  convention: ConventionName,
  nsdToleranceMm = 1,
  shapeOf: readonly number[] = shape,
): LabelResult {
  const { labels } = evaluateCase(prediction, reference, {
    shape: shapeOf,
    spacing,
    labels: [{ id: 1, name: 'label' }],
    nsdToleranceMm,
    convention,
  });
  return labels[0] as LabelResult;
}

const distanceKeys = ['hd95Mm', 'hdMm', 'assdMm', 'centreOfMassDistanceMm'] as const;

function expectClose(actual: number | null, expected: number | null, what: string): void {
  if (expected === null) expect(actual, what).toBeNull();
  else expect(actual, what).toBeCloseTo(expected, 9);
}

describe('properties', () => {
  test('swapping prediction and reference changes no symmetric metric', () => {
    fc.assert(
      fc.property(anyMask, anyMask, anySpacing, anyConvention, (a, b, spacing, convention) => {
        fc.pre(a.includes(1) && b.includes(1));
        const forth = measure(a, b, spacing, convention);
        const back = measure(b, a, spacing, convention);
        for (const key of [...distanceKeys, 'dsc', 'iou', 'nsd'] as const)
          expectClose(back[key], forth[key], key);
        expect(back.precision).toBe(forth.recall);
        expect(back.volumeDifferenceMl).toBeCloseTo(-forth.volumeDifferenceMl, 12);
      }),
    );
  });

  test('a mask compared with itself is perfect', () => {
    fc.assert(
      fc.property(anyMask, anySpacing, anyConvention, (mask, spacing, convention) => {
        fc.pre(mask.includes(1));
        expect(measure(mask, mask, spacing, convention, 0)).toMatchObject({
          dsc: 1,
          hd95Mm: 0,
          hdMm: 0,
          assdMm: 0,
          centreOfMassDistanceMm: 0,
          nsd: convention === 'medpy' ? null : 1,
        });
      }),
    );
  });

  test('moving both masks in a larger volume changes nothing', () => {
    const larger = side + 5;
    const move = (mask: Uint8Array, offset: number): Uint8Array => {
      const moved = new Uint8Array(larger ** 3);
      for (const [i, inside] of mask.entries()) {
        const d = Math.floor(i / side ** 2) + offset;
        const h = (Math.floor(i / side) % side) + ((offset * 2) % 5);
        moved[(d * larger + h) * larger + (i % side) + ((offset * 3) % 5)] = inside;
      }
      return moved;
    };
    fc.assert(
      fc.property(
        anyMask,
        anyMask,
        anySpacing,
        anyConvention,
        fc.nat(4),
        (a, b, spacing, convention, offset) => {
          fc.pre(a.includes(1) && b.includes(1));
          const here = measure(a, b, spacing, convention);
          const there = measure(move(a, offset), move(b, offset), spacing, convention, 1, [
            larger,
            larger,
            larger,
          ]);
          for (const key of [...distanceKeys, 'dsc', 'nsd'] as const) expectClose(there[key], here[key], key);
        },
      ),
    );
  });

  test('distances scale with the spacing, ratios do not', () => {
    fc.assert(
      fc.property(anyMask, anyMask, anySpacing, anyConvention, (a, b, spacing, convention) => {
        fc.pre(a.includes(1) && b.includes(1));
        const once = measure(a, b, spacing, convention, 1);
        const twice = measure(
          a,
          b,
          spacing.map((step) => step * 2),
          convention,
          2,
        );
        for (const key of distanceKeys) expectClose(twice[key], (once[key] ?? Number.NaN) * 2, key);
        expectClose(twice.nsd, once.nsd, 'nsd');
        expect(twice.dsc).toBe(once.dsc);
        expect(twice.referenceVolumeMl).toBeCloseTo(once.referenceVolumeMl * 8, 9);
      }),
    );
  });

  test('percentiles rise to the maximum, and NSD rises with its tolerance', () => {
    fc.assert(
      fc.property(anyMask, anyMask, anySpacing, anyConvention, (a, b, spacing, convention) => {
        fc.pre(a.includes(1) && b.includes(1));
        const result = measure(a, b, spacing, convention);
        expect(result.hd95Mm ?? Number.NaN).toBeLessThanOrEqual(result.hdMm ?? Number.NaN);
        if (convention === 'medpy') return;
        const [tight, loose] = [0.5, 3].map(
          (tolerance) => measure(a, b, spacing, convention, tolerance).nsd ?? 2,
        );
        expect(tight ?? 2).toBeLessThanOrEqual(loose ?? -1);
        expect(measure(a, b, spacing, convention, result.hdMm ?? -1).nsd).toBe(1);
      }),
    );
  });

  test.each(['monai', 'medpy'] as const)(
    'the Hausdorff distance of all pairs of edge voxels, as %s',
    (convention) => {
      fc.assert(
        fc.property(anyMask, anyMask, anySpacing, (a, b, spacing) => {
          fc.pre(a.includes(1) && b.includes(1));
          expect(measure(a, b, spacing, convention).hdMm).toBeCloseTo(
            hausdorff(edges(a), edges(b), spacing),
            9,
          );
        }),
      );
    },
  );

  test('the Hausdorff distance of surfels is that of all pairs of mixed corners', () => {
    fc.assert(
      fc.property(anyMask, anyMask, anySpacing, (a, b, spacing) => {
        fc.pre(a.includes(1) && b.includes(1));
        expect(measure(a, b, spacing, 'surface-distance').hdMm).toBeCloseTo(
          hausdorff(mixedCorners(a), mixedCorners(b), spacing),
          9,
        );
      }),
    );
  });

  test('of nested masks the inner has perfect precision and the outer perfect recall', () => {
    fc.assert(
      fc.property(anyMask, anyMask, anySpacing, anyConvention, (a, b, spacing, convention) => {
        const inner = a.map((inside, i) => inside & (b[i] ?? 0));
        fc.pre(inner.includes(1));
        const result = measure(inner, a, spacing, convention);
        const ratio = count(inner) / count(a);
        expect(result).toMatchObject({ precision: 1, iou: ratio, recall: ratio });
        expect(result.dsc).toBeCloseTo((2 * ratio) / (1 + ratio), 12);
        expect(result.volumeDifferenceMl).toBeLessThanOrEqual(0);
        expect(measure(a, inner, spacing, convention).recall).toBe(1);
      }),
    );
  });

  test('the inner of two nested boxes lies as deep as the gap between them', () => {
    const box = (margin: number): Uint8Array =>
      Uint8Array.from({ length: 12 ** 3 }, (_, i) =>
        [Math.floor(i / 144), Math.floor(i / 12) % 12, i % 12].every((x) => x >= margin && x < 12 - margin)
          ? 1
          : 0,
      );
    const result = measure(box(4), box(1), [1, 1, 2], 'surface-distance', 1, [12, 12, 12]);
    expect(result).toMatchObject({ recall: 64 / 1000, precision: 1, nsd: 0 });
    expect(result.meanDistanceToReferenceMm).toBeGreaterThanOrEqual(3);
    expect(result.hdMm).toBeCloseTo(Math.hypot(3, 3, 6), 12);
  });
});

type Point = readonly [number, number, number];

const count = (mask: Uint8Array): number => mask.reduce((sum, inside) => sum + inside, 0);

function insideOf(mask: Uint8Array): (d: number, h: number, w: number) => boolean {
  return (d, h, w) => [d, h, w].every((x) => x >= 0 && x < side) && mask[(d * side + h) * side + w] === 1;
}

/** Corners of voxels, `[0, side]` on each axis, at which some of the eight voxels are inside and some are not. */
function mixedCorners(mask: Uint8Array): Point[] {
  const inside = insideOf(mask);
  const points: Point[] = [];
  for (let d = 0; d <= side; d++) {
    for (let h = 0; h <= side; h++) {
      for (let w = 0; w <= side; w++) {
        const around = [0, 1, 2, 3, 4, 5, 6, 7].filter((bits) =>
          inside(d - (bits >> 2), h - ((bits >> 1) & 1), w - (bits & 1)),
        ).length;
        if (around > 0 && around < 8) points.push([d, h, w]);
      }
    }
  }
  return points;
}

function edges(mask: Uint8Array): Point[] {
  const inside = insideOf(mask);
  const points: Point[] = [];
  for (let d = 0; d < side; d++) {
    for (let h = 0; h < side; h++) {
      for (let w = 0; w < side; w++) {
        const enclosed =
          inside(d - 1, h, w) &&
          inside(d + 1, h, w) &&
          inside(d, h - 1, w) &&
          inside(d, h + 1, w) &&
          inside(d, h, w - 1) &&
          inside(d, h, w + 1);
        if (inside(d, h, w) && !enclosed) points.push([d, h, w]);
      }
    }
  }
  return points;
}

function hausdorff(
  a: readonly Point[],
  b: readonly Point[],
  spacing: readonly [number, number, number],
): number {
  return Math.max(farthest(a, b, spacing), farthest(b, a, spacing));
}

function farthest(
  from: readonly Point[],
  to: readonly Point[],
  spacing: readonly [number, number, number],
): number {
  const distance = (a: Point, b: Point): number =>
    Math.hypot((a[0] - b[0]) * spacing[0], (a[1] - b[1]) * spacing[1], (a[2] - b[2]) * spacing[2]);
  return Math.max(...from.map((a) => Math.min(...to.map((b) => distance(a, b)))));
}
