import { describe, expect, it } from 'vitest';
import { labelRegions } from './label-regions.js';
import { maskOf } from './masks.test-support.js';
import { remapLabels } from './remap-labels.js';

describe('remapLabels', () => {
  const map = { ...maskOf([1, 2, 3], []), data: Int16Array.of(0, 500, 500, 421, 205, 0) };

  it('replaces all values at once, in the smallest integer type', () => {
    const mapped = remapLabels(map, { 500: 1, 421: 3, 205: 500 });
    expect(mapped.data).toEqual(Uint16Array.of(0, 1, 1, 3, 500, 0));
    const swapped = remapLabels(maskOf([1, 1, 4], [0, 1, 2, 1]), new Map([[1, 2], [2, 1], [0, 9]])); // biome-ignore format: a table
    expect(swapped.data).toEqual(Uint8Array.of(9, 2, 1, 2));
    expect(mapped).toMatchObject({ shape: [1, 2, 3], channels: 1, affine: map.affine });
  });

  it('makes values that the table lacks background or keeps them, where that is said', () => {
    expect([...remapLabels(map, { 500: 1 }, { others: 'background' }).data]).toEqual([0, 1, 1, 0, 0, 0]);
    expect([...remapLabels(map, { 500: 1 }, { others: 'keep' }).data]).toEqual([0, 1, 1, 421, 205, 0]);
  });

  it('refuses values that the table lacks, tables without whole numbers, and several channels', () => {
    expect(() => remapLabels(map, { 500: 1, 205: 2 })).toThrow(
      expect.objectContaining({
        code: 'unknown-label',
        kind: 'data',
        message: 'the label map has the value 421, the table only 205, 500',
      }),
    );
    for (const table of [{ 500: 1.5 }, new Map([[Number.NaN, 1]])]) {
      expect(() => remapLabels(map, table)).toThrow(
        expect.objectContaining({ code: 'bad-label-table', kind: 'usage' }),
      );
    }
    const halves = { ...map, data: Float32Array.of(0, 0.5, 0, 0, 0, 0) };
    expect(() => remapLabels(halves, {}, { others: 'keep' })).toThrow(
      expect.objectContaining({ code: 'not-integers' }),
    );
    expect(() => remapLabels({ ...map, shape: [1, 1, 3], channels: 2 }, {})).toThrow(
      expect.objectContaining({ code: 'mask-channels' }),
    );
  });
});

describe('labelRegions', () => {
  const map = maskOf([1, 1, 6], [0, 1, 2, 3, 3, 4]);

  it('gives each region a channel, overlaps and all, as BraTS has them', () => {
    const regions = [
      { name: 'tumour core', labels: [2, 3] },
      { name: 'whole tumour', labels: [1, 2, 3] },
      { name: 'enhancing tumour', labels: [3] },
    ];
    const volume = labelRegions(map, regions);
    expect(volume.data).toEqual(Uint8Array.of(0, 0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0));
    expect(volume).toMatchObject({ shape: [1, 1, 6], channels: 3, affine: map.affine });
  });

  it.each([
    [[], 'there are none'],
    [[{ name: 'a', labels: [] }], 'a has no labels'],
    [[{ name: 'a', labels: [0] }], 'a has the labels 0'],
    [[{ name: 'a', labels: [1] }, { name: 'a', labels: [2] }], 'two of them have one name'], // biome-ignore format: a table
  ])('refuses %j', (regions, fault) => {
    expect(() => labelRegions(map, regions)).toThrow(
      expect.objectContaining({ code: 'bad-regions', kind: 'usage', message: `regions: ${fault}` }),
    );
  });
});
