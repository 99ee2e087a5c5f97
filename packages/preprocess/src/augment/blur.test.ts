import { describe, expect, it } from 'vitest';
import { blurPatch } from './blur.js';
import { everyNth, furthest, weylPatch } from './patches.test-support.js';

describe('blurPatch', () => {
  // scipy.ndimage.gaussian_filter(x, (0.9, 0.5, 1.3)) of the numbers of weylPatch, SciPy 1.17
  it('agrees with SciPy', () => {
    const blurred = blurPatch(weylPatch([7, 5, 6]), [[0.9, 0.5, 1.3]]);
    const expected = [
      0.4924, 0.53725, 0.50625, 0.55198, 0.54889, 0.4604, 0.43243, 0.54555, 0.50345, 0.47216, 0.52042,
      0.47297, 0.49803, 0.50962, 0.48739, 0.5101, 0.55239, 0.42905, 0.4638, 0.52169, 0.50905, 0.47422,
      0.53078, 0.46738, 0.54699, 0.49192, 0.48225, 0.47241, 0.48458, 0.42802,
    ];
    expect(furthest(everyNth(blurred.image, 7), expected)).toBeLessThan(2e-5);
    expect(blurred.image.reduce((sum, value) => sum + value, 0)).toBeCloseTo(105.54298, 3);
  });

  // scipy.ndimage.gaussian_filter(x, 1.3) of 3 x 1 x 1 numbers
  it('reflects more than once where the kernel is longer than the side', () => {
    const blurred = blurPatch(weylPatch([3, 1, 1]), [[1.3, 1.3, 1.3]]);
    expect(furthest(blurred.image, [0.526766, 0.561219, 0.620219])).toBeLessThan(1e-6);
  });

  it('takes channels one by one, and leaves those without a sigma alone', () => {
    const patch = weylPatch([3, 4, 5], 2);
    const [first, second] = [0, 1].map((which) => [...patch.image].filter((_, i) => i % 2 === which));
    const blurred = blurPatch(patch, [null, [1, 1, 1]]);
    const alone = { ...patch, channels: 1, image: Float32Array.from(second ?? []) };
    expect([...blurred.image].filter((_, i) => i % 2 === 0)).toEqual(first);
    expect([...blurred.image].filter((_, i) => i % 2 === 1)).toEqual([
      ...blurPatch(alone, [[1, 1, 1]]).image,
    ]);
    expect(blurred.label).toBe(patch.label);
    expect(blurPatch(patch, [null, null])).toBe(patch);
    expect(blurPatch(patch, [[0, 0, 0], null]).image).toEqual(patch.image);
  });
});
