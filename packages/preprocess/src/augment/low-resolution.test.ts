import { describe, expect, it } from 'vitest';
import { lowResolutionPatch } from './low-resolution.js';
import { everyNth, furthest, weylPatch } from './patches.test-support.js';

describe('lowResolutionPatch', () => {
  // batchgeneratorsv2 0.3.6: SimulateLowResolutionTransform((zoom, zoom), False, True, None), which is torch's
  // interpolate, 'nearest-exact' down and 'trilinear' up, on the numbers of weylPatch
  it.each([
    [
      0.5,
      107.43655,
      [
        0.94427, 0.71993, 0.45453, 0.61412, 0.7738, 0.44571, 0.5032, 0.45557, 0.56703, 0.31554, 0.47521,
        0.70079, 0.43686, 0.12635, 0.28602, 0.57062, 0.85522, 0.95587, 0.15585, 0.38143, 0.66603, 0.80785,
        0.57421, 0.61058, 0.53586, 0.63651, 0.36744, 0.50212, 0.43671, 0.13729,
      ],
    ],
    [
      0.6,
      110.79298,
      [
        0.61803, 0.50263, 0.37352, 0.53538, 0.42299, 0.7375, 0.06374, 0.43162, 0.65256, 0.61198, 0.63291,
        0.20079, 0.52703, 0.60913, 0.4634, 0.49193, 0.47948, 0.66408, 0.55454, 0.32241, 0.62663, 0.53855,
        0.80699, 0.69158, 0.5011, 0.7857, 0.20323, 0.44848, 0.2527, 0.62057,
      ],
    ],
  ])('agrees with nnU-Net for a zoom of %d', (zoom, sum, expected) => {
    const coarse = lowResolutionPatch(weylPatch([7, 5, 6]), [zoom]);
    expect(furthest(everyNth(coarse.image, 7), expected)).toBeLessThan(2e-5);
    expect(coarse.image.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 3);
  });

  it('changes nothing for a zoom of 1, nor where a side is 1 voxel, nor other channels', () => {
    const patch = weylPatch([4, 1, 3], 2);
    expect(lowResolutionPatch(patch, [1, 1]).image).toEqual(patch.image);
    expect(lowResolutionPatch(patch, [null, null])).toBe(patch);
    const one = lowResolutionPatch(patch, [null, 0.5]);
    const even = (image: Float32Array) => [...image].filter((_, i) => i % 2 === 0);
    expect(even(one.image)).toEqual(even(patch.image));
    expect(one.image).not.toEqual(patch.image);
    expect(one.label).toBe(patch.label);
    const voxel = weylPatch([1, 1, 1]);
    expect(lowResolutionPatch(voxel, [0.1]).image).toEqual(voxel.image);
  });
});
