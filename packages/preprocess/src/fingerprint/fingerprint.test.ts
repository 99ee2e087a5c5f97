import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import type { Volume } from '../volume.js';
import { combineFingerprints } from './combine-fingerprints.js';
import { drawRanks } from './draw-ranks.js';
import { fingerprintCase } from './fingerprint-case.js';
import { intensityStatistics } from './intensity-statistics.js';

describe('drawRanks', () => {
  it('takes all ranks where there are few', () => {
    expect([...drawRanks(3, 5, seededRandom(1))]).toEqual([0, 1, 2]);
    expect([...drawRanks(0, 5, seededRandom(1))]).toEqual([]);
    expect([...drawRanks(1, 1, seededRandom(1))]).toEqual([0]);
  });

  it('takes each rank equally often, in order and without repeats', () => {
    const random = seededRandom(2);
    const counts = new Array<number>(10).fill(0);
    for (let round = 0; round < 4000; round += 1) {
      const ranks = [...drawRanks(10, 4, random)];
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      for (const rank of ranks) counts[rank] = (counts[rank] ?? 0) + 1;
    }
    // 4 of 10 ranks in each of 4000 rounds: 1600 each, with a deviation of about 31.
    for (const count of counts) expect(Math.abs(count - 1600)).toBeLessThan(160);
  });
});

describe('intensityStatistics', () => {
  it('agrees with numpy.percentile, mean and std', () => {
    const statistics = intensityStatistics(Float32Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5));
    expect(statistics).toMatchObject({
      percentile_00_5: 1,
      percentile_25_0: 2.5,
      percentile_50_0: 4,
      mean: 4,
    });
    expect(statistics?.percentile_95_0).toBeCloseTo(7.5, 12);
    expect(statistics?.percentile_99_5).toBeCloseTo(8.85, 12);
    expect(statistics?.deviation).toBeCloseTo(2.256304299271065, 12);
  });

  it('is null for nothing, and all one value for one', () => {
    expect(intensityStatistics(new Float32Array(0))).toBeNull();
    expect(intensityStatistics(Float32Array.of(7))).toMatchObject({
      percentile_99_5: 7,
      mean: 7,
      deviation: 0,
    });
  });
});

/** Array axes run superior, right, anterior; voxels of 2 x 3 x 5 mm along these. */
const affine: Volume['affine'] = [0, 3, 0, 0, 0, 0, 5, 0, 2, 0, 0, 0, 0, 0, 0, 1];
const shape = [2, 3, 1] as const;
const image: Volume = {
  data: Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13, Number.NaN, 14, 5, 15),
  shape,
  channels: 2,
  affine,
};
const label: Volume = { data: Uint16Array.of(0, 500, 500, 77, 600, 421), shape, channels: 1, affine };
const classes = new Map([
  [500, 1],
  [600, 2],
  [421, 3],
]);
const options = { classes, voxels: 100, random: seededRandom(0) };

describe('fingerprintCase', () => {
  it('gives geometry along the body, values by class table, and volumes', () => {
    const { geometry, millilitres, channels, classVoxels, voxels } = fingerprintCase(image, label, options);
    expect(geometry).toEqual({ shape: [3, 1, 2], spacing: [3, 5, 2], orientation: 'SRA' });
    expect([millilitres, voxels]).toEqual([0.03, 6]);
    expect([...classVoxels]).toEqual([[1, 2], [2, 1], [3, 1]]); // biome-ignore format: a table
    expect(channels[0]).toEqual({
      range: [0, 5],
      all: Float32Array.of(0, 1, 2, 3, 5),
      foreground: Float32Array.of(1, 2, 5),
    });
    expect(channels[1]?.foreground).toEqual(Float32Array.of(11, 12, 14, 15));
  });

  it('draws from the foreground only where it is large', () => {
    const { channels } = fingerprintCase(image, label, { ...options, voxels: 2 });
    expect(channels[1]?.foreground).toHaveLength(2);
    for (const value of channels[1]?.foreground ?? []) expect([11, 12, 14, 15]).toContain(value);
  });

  it('works on one voxel', () => {
    const one = { data: Int16Array.of(-3), shape: [1, 1, 1] as const, channels: 1, affine };
    const { channels, classVoxels } = fingerprintCase(one, { ...one, data: Uint8Array.of(0) }, options);
    expect(channels[0]).toEqual({
      range: [-3, -3],
      all: Float32Array.of(-3),
      foreground: new Float32Array(0),
    });
    expect(classVoxels.size).toBe(0);
  });

  it('refuses a label of another shape', () => {
    const other: Volume = { ...label, shape: [3, 2, 1] };
    expect(() => fingerprintCase(image, other, options)).toThrow(
      expect.objectContaining({ code: 'label-mismatch' }),
    );
  });
});

describe('combineFingerprints', () => {
  const header = {
    dataset: 'test',
    modality: ['a', 'b'],
    labels: ['background', 'one', 'two', 'three', 'four'].map((name, id) => ({ id, name })),
    sampling: { voxelsPerCase: 100, seed: 0 },
  };

  it('spreads geometry and volumes over the cases', () => {
    const first = fingerprintCase(image, label, options);
    const empty = { ...label, data: new Uint16Array(6) };
    const flat: Volume = { ...image, affine: [-3, 0, 0, 0, 0, -5, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1] };
    const whole = combineFingerprints([first, fingerprintCase(flat, empty, options)], header);
    expect(whole.orientations).toEqual({ LPS: 1, SRA: 1 });
    expect(whole.shape).toEqual({ median: [2.5, 2, 1.5], min: [2, 1, 1], max: [3, 3, 2] });
    expect(whole.spacing.median).toEqual([3, 5, 3]);
    expect(whole.classes[0]).toEqual({
      id: 1,
      name: 'one',
      cases: 1,
      millilitres: { median: 0.06, min: 0.06, max: 0.06 },
      frequency: 2 / 12,
    });
    expect(whole.classes[3]).toMatchObject({ cases: 0, millilitres: null, frequency: 0 });
    expect(whole.channels.map(({ name, range }) => [name, range])).toEqual([
      ['a', [0, 5]],
      ['b', [10, 15]],
    ]);
  });

  it('refuses no cases', () => {
    expect(() => combineFingerprints([], header)).toThrow(expect.objectContaining({ code: 'no-cases' }));
  });
});
