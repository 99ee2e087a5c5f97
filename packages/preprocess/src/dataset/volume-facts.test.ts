import { describe, expect, it } from 'vitest';
import type { Affine } from '../geometry/affine.js';
import type { StoredGeometry } from '../nifti/stored-geometry.js';
import type { Volume } from '../volume.js';
import { formDistance } from './form-distance.js';
import { countValues, MAX_VALUES } from './label-counts.js';
import { observeVolume, volumeFactsSchema } from './volume-facts.js';

const affine: Affine = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1];
const file = { kind: 'label', scaled: false, remarks: [], digest: 'd' } as const;

describe('observeVolume', () => {
  it('takes ranges by channel over finite values, and the first voxel that is none', () => {
    const data = Float32Array.of(3, Number.NaN, -1, Number.POSITIVE_INFINITY, 2, Number.NaN);
    const facts = observeVolume({ data, shape: [3, 1, 1], channels: 2, affine }, file);
    expect(facts.ranges).toEqual([[-1, 3], null]);
    expect(facts.nonFinite).toEqual({ count: 3, first: 1 });
    expect(facts.values).toEqual([[-1, 1], [2, 1], [3, 1]]); // biome-ignore format: a table
  });

  it('counts no values of an image, and survives JSON', () => {
    const volume: Volume = { data: Uint8Array.of(7), shape: [1, 1, 1], channels: 1, affine };
    const facts = observeVolume(volume, { ...file, kind: 'image' });
    expect(facts.values).toBeNull();
    expect(volumeFactsSchema.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
  });
});

describe('countValues', () => {
  it('adds up runs of one value', () => {
    expect(countValues(Uint8Array.of(2, 2, 0, 0, 0, 2, 5))).toEqual([[0, 3], [2, 3], [5, 1]]); // biome-ignore format: a table
    expect(countValues(new Int8Array(0))).toEqual([]);
  });

  it('gives up on what is no label', () => {
    const upTo = (count: number) => Float32Array.from({ length: count }, (_, i) => i / 2);
    expect(countValues(upTo(MAX_VALUES))).toHaveLength(MAX_VALUES);
    expect(countValues(upTo(MAX_VALUES + 1))).toBeNull();
  });
});

describe('formDistance', () => {
  const geometry: StoredGeometry = {
    version: 1,
    pixdim: [1, 2, 2, 2],
    unitsCode: 2,
    qformCode: 1,
    sformCode: 1,
    quaternion: [0, 0, 0],
    qoffset: [3, 4, 0],
    srow: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0],
  };
  const volume = { data: new Uint8Array(8), shape: [2, 2, 2] as const, channels: 1, affine };

  it('is how far the forms put the grid apart: a shift of (3, 4, 0) mm is 5 mm', () => {
    expect(formDistance({ ...volume, geometry })).toBeCloseTo(5, 12);
  });

  it('is 0 with one form or none', () => {
    expect(formDistance({ ...volume, geometry: { ...geometry, qformCode: 0 } })).toBe(0);
    expect(formDistance({ ...volume, geometry: { ...geometry, sformCode: 0 } })).toBe(0);
    expect(formDistance(volume)).toBe(0);
  });

  it('is null for a quaternion longer than 1, and one that is not finite', () => {
    expect(formDistance({ ...volume, geometry: { ...geometry, quaternion: [1, 1, 0] } })).toBeNull();
    expect(formDistance({ ...volume, geometry: { ...geometry, qoffset: [Number.NaN, 0, 0] } })).toBeNull();
  });
});
