import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpolatedQuantile, weightedQuantile } from './quantile.js';

const anyFraction = fc.double({ min: 0, max: 1, noNaN: true });
const anyValues = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 });

describe('weightedQuantile', () => {
  test('is the first value at which the cumulative weight reaches the fraction', () => {
    fc.assert(
      fc.property(anyValues, fc.infiniteStream(fc.nat(2)), anyFraction, (values, keys, fraction) => {
        const weights = Float64Array.of(1, 2.5, 0.25);
        const pairs = values.map((value) => ({ value, key: keys.next().value as number }));
        const sorted = pairs.toSorted((a, b) => a.value - b.value);
        const total = pairs.reduce((sum, { key }) => sum + (weights[key] ?? 0), 0);
        let reached = 0;
        const expected = sorted.find(({ key }) => {
          reached += weights[key] ?? 0;
          return reached >= fraction * total * (1 - 1e-12);
        });
        const actual = weightedQuantile(
          Float64Array.from(pairs, ({ value }) => value),
          Uint8Array.from(pairs, ({ key }) => key),
          weights,
          pairs.length,
          fraction,
        );
        expect(actual).toBe((expected ?? sorted.at(-1))?.value);
      }),
    );
  });

  test('a fraction reached exactly but for rounding counts as reached', () => {
    const values = Float64Array.from({ length: 20 }, (_, i) => i);
    expect(weightedQuantile(values, new Uint8Array(20), Float64Array.of(0.1), 20, 0.95)).toBe(18);
  });
});

describe('interpolatedQuantile', () => {
  test('interpolates between the order statistics, as NumPy does', () => {
    fc.assert(
      fc.property(anyValues, anyFraction, (values, fraction) => {
        const sorted = values.toSorted((a, b) => a - b);
        const place = fraction * (values.length - 1);
        const [low = 0, high = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
        const expected = low + (high - low) * (place - Math.floor(place));
        expect(interpolatedQuantile(Float64Array.from(values), values.length, fraction)).toBeCloseTo(
          expected,
          9,
        );
      }),
    );
  });

  test('answers the 95th percentile of 1..10 with 9.55', () => {
    const values = Float64Array.of(3, 10, 1, 7, 5, 9, 2, 8, 4, 6);
    expect(interpolatedQuantile(values, 10, 0.95)).toBeCloseTo(9.55, 12);
  });
});
