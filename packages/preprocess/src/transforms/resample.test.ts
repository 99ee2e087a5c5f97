import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affinesClose } from '../geometry/affine.js';
import { counted } from '../nifti/bytes.test-support.js';
import { applyRecipe, applyTrace } from '../recipe/apply-recipe.js';
import { parseRecipe } from '../recipe/recipe.js';
import type { Shape3, Volume, VoxelArray } from '../volume.js';
import { orient } from './orient.js';
import { resample, resampleGrid } from './resample.js';

const side = fc.integer({ min: 1, max: 9 });
const step = fc.double({ min: 0.3, max: 3, noNaN: true });
const ARRAYS = { Int16Array, Uint8Array, Float32Array, Float64Array, Int32Array };

/** Trilinear interpolation written out for one sample: eight corners, border repeated. */
function sampleAt(volume: Volume, place: readonly number[], channel: number): number {
  const clamp = (index: number, axis: number): number =>
    Math.min((volume.shape[axis] ?? 1) - 1, Math.max(0, index));
  let sum = 0;
  for (let corner = 0; corner < 8; corner += 1) {
    let weight = 1;
    const index = place.map((value, axis) => {
      const inside = clamp(value, axis);
      const low = Math.floor(inside);
      const up = (corner >> axis) & 1;
      weight *= up ? inside - low : 1 - (inside - low);
      return clamp(low + up, axis);
    });
    const [d = 0, h = 0, w = 0] = index;
    const voxel = (d * volume.shape[1] + h) * volume.shape[2] + w;
    sum += weight * (volume.data[voxel * volume.channels + channel] as number);
  }
  return sum;
}

function scattered(shape: Shape3, channels: number, type: { new (length: number): VoxelArray }): Volume {
  const volume = counted(shape, channels, type);
  volume.data.forEach((_, i) => {
    volume.data[i] = (i * 61) % 113;
  });
  return volume;
}

describe('resampleGrid', () => {
  it.each(Object.values(ARRAYS).map((type) => [type.name, type] as const))(
    'interpolates %s as the formula does, one voxel wide or more, any number of channels',
    (_, type) => {
      fc.assert(
        fc.property(
          fc.tuple(side, side, side),
          fc.tuple(side, side, side),
          fc.integer({ min: 1, max: 3 }),
          fc.tuple(step, step, fc.constantFrom(1, 0.5)),
          (stored, shape, channels, steps) => {
            const volume = scattered(stored, channels, type);
            const found = resampleGrid(volume, steps, shape, 'linear');
            let [next, worst] = [0, 0];
            for (let d = 0; d < shape[0]; d += 1)
              for (let h = 0; h < shape[1]; h += 1)
                for (let w = 0; w < shape[2]; w += 1)
                  for (let channel = 0; channel < channels; channel += 1, next += 1) {
                    const place = [d * steps[0], h * steps[1], w * steps[2]];
                    const apart = (found.data[next] as number) - sampleAt(volume, place, channel);
                    worst = Math.max(worst, Math.abs(apart));
                  }
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  it('flips on the way exactly as orienting first does, voxels and affine', () => {
    for (const code of ['LAS', 'RPS', 'RAI', 'LPI', 'LPS']) {
      const volume = scattered([7, 6, 5], 2, Int16Array);
      const oriented = orient(volume, code);
      const expected = resample(oriented, [0.7, 1.5, 2], 'linear');
      const found = applyRecipe(volume, parseRecipe({ orientation: code, spacing: [0.7, 1.5, 2] })).volume;
      expect(found.data).toEqual(expected.data);
      expect(affinesClose(found.affine, expected.affine, 1e-12)).toBe(true);
    }
  });

  it('says so where a grid asks for more memory than there is', () => {
    const volume = scattered([3, 3, 3], 1, Int16Array);
    const huge = () => resampleGrid(volume, [1e-6, 1e-6, 1e-6], [20000, 2000000, 20000], 'linear');
    expect(huge).toThrow(expect.objectContaining({ code: 'out-of-memory', kind: 'resource' }));
  });

  it('keeps whole volumes, single voxels and the array type of labels', () => {
    const label = scattered([4, 5, 6], 1, Uint8Array);
    expect(resampleGrid(label, [1, 1, 1], [4, 5, 6], 'nearest').data).toEqual(label.data);
    expect(resampleGrid(label, [9, 9, 9], [1, 1, 1], 'linear').data).toEqual(
      Float32Array.of(label.data[0] as number),
    );
  });
});

describe('a recipe that resamples before it orients', () => {
  it('puts the spacing on the axes of the file, and its trace takes labels along', () => {
    const volume = orient(scattered([6, 7, 8], 1, Int16Array), 'PIR');
    const recipe = parseRecipe({ order: 'spacing-first', spacing: [2, 0, 1] });
    const { volume: found, trace } = applyRecipe(volume, recipe);
    const expected = orient(resample(volume, [2, 0, 1], 'linear'), 'RAS');
    expect(found.data).toEqual(expected.data);
    const label = applyTrace(volume, trace);
    expect(label.data).toEqual(orient(resample(volume, [2, 0, 1], 'nearest'), 'RAS').data);
    expect(label.shape).toEqual(found.shape);
  });
});
