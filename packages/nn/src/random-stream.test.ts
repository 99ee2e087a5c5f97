import { describe, expect, test } from 'vitest';
import { RandomStream } from './random-stream.js';

const first = (stream: RandomStream, count = 8): number[] => Array.from({ length: count }, stream.uniform());

describe('a stream', () => {
  test('is a function of seed and path, never of what was drawn before', () => {
    const stream = new RandomStream(7);
    const before = first(stream.at('dropout', 3));
    first(stream, 1000);
    first(stream.at('dropout', 2), 1000);
    expect(first(stream.at('dropout', 3))).toEqual(before);
    expect(first(new RandomStream(7).at('dropout', 3))).toEqual(before);
  });

  test('has the keys that runs were stored with', () => {
    const stream = new RandomStream(2026);
    const keys = [stream, stream.at('step', 0), stream.at('step', 1), stream.at('patch', 12, 1)].map(
      ({ key }) => key,
    );
    expect(keys).toEqual([927193249, 1308060591, 2478445503, 1002321274]);
  });

  test('takes a path in one go or name by name', () => {
    const stream = new RandomStream(1);
    expect(stream.at('a', 2, 'b').key).toBe(stream.at('a').at(2).at('b').key);
    expect(stream.at().key).toBe(stream.key);
  });

  test('differs from those of other paths', () => {
    const stream = new RandomStream(1);
    const paths: (string | number)[][] = [
      [],
      ['a'],
      ['b'],
      ['a', 'b'],
      ['b', 'a'],
      ['ab'],
      [1],
      ['1'],
      [0],
      [-1],
      ['a', 0],
      [0, 'a'],
    ];
    const keys = [
      ...paths.map((path) => stream.at(...path).key),
      new RandomStream(2).key,
      new RandomStream(0).key,
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('of neighbouring counters and seeds share no key, and their first numbers are unrelated', () => {
    const counters = Array.from({ length: 20_000 }, (_, step) => new RandomStream(3).at('step', step));
    const seeds = Array.from({ length: 20_000 }, (_, seed) => new RandomStream(seed));
    for (const streams of [counters, seeds]) {
      // 32-bit keys: of 20,000 about 0.05 pairs would coincide by chance.
      expect(new Set(streams.map(({ key }) => key)).size).toBe(streams.length);
      const draws = streams.map((stream) => (first(stream, 1)[0] as number) - 0.5);
      expect(mean(draws)).toBeCloseTo(0, 2);
      const products = draws.slice(1).map((draw, i) => draw * (draws[i] as number) * 12);
      // Four standard errors of the correlation of independent numbers.
      expect(Math.abs(mean(products))).toBeLessThan(4 / Math.sqrt(products.length));
    }
  });

  test('has an unsigned 32-bit key for any seed', () => {
    for (const seed of [0, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 + 5, 1.5]) {
      const { key } = new RandomStream(seed);
      expect(Number.isInteger(key) && key >= 0 && key < 2 ** 32).toBe(true);
    }
  });
});

describe('its numbers', () => {
  test('are uniform in [0, 1)', () => {
    const draws = first(new RandomStream(5), 50_000);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    const counts = new Array<number>(10).fill(0);
    for (const draw of draws) counts[Math.floor(draw * 10)] = (counts[Math.floor(draw * 10)] as number) + 1;
    // Five standard deviations around 5000.
    for (const count of counts) expect(Math.abs(count - 5000)).toBeLessThan(5 * Math.sqrt(4500));
  });

  test('or standard normal, always finite', () => {
    const draws = Array.from({ length: 50_000 }, new RandomStream(6).normal());
    expect(draws.every(Number.isFinite)).toBe(true);
    expect(mean(draws)).toBeCloseTo(0, 1);
    expect(mean(draws.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(draws.filter((x) => Math.abs(x) < 1.96).length / draws.length).toBeCloseTo(0.95, 2);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
