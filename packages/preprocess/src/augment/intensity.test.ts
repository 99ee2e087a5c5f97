import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { blurPatch } from './blur.js';
import { channelStatistics } from './channel-statistics.js';
import { contrastPatch } from './contrast.js';
import { gammaPatch } from './gamma.js';
import { brightenPatch, scaleIntensity, shiftIntensity } from './intensity.js';
import { lowResolutionPatch } from './low-resolution.js';
import { noisePatch } from './noise.js';
import { furthest, weylPatch } from './patches.test-support.js';

const patch = weylPatch([3, 2, 4], 2);

describe('linear intensity changes', () => {
  it('shift, scale and brighten without clipping, and leave the label as it is', () => {
    const small = { ...patch, image: Float32Array.of(0.5, -1, 2, 4), size: [2, 1, 1] } as const;
    expect([...shiftIntensity(small, 0.25).image]).toEqual([0.75, -0.75, 2.25, 4.25]);
    expect([...scaleIntensity(small, 2).image]).toEqual([1, -2, 4, 8]);
    expect([...brightenPatch(small, [2, 0.5]).image]).toEqual([1, -0.5, 4, 2]);
    expect(brightenPatch(small, [2, 0.5]).label).toBe(small.label);
  });
});

// Expected values: batchgeneratorsv2 0.3.6 (nnU-Net's transforms) on the numbers of weylPatch, channels first, every
// fifth of the 48 values: ContrastTransform((1.5, 1.5), preserve_range, False),
// GammaTransform((gamma, gamma), p_invert_image, False, 1, p_retain_stats).
describe("nnU-Net's intensity steps", () => {
  const fifths = (image: Float32Array) => [...image].filter((_, i) => i % 5 === 0);

  it('raise the contrast of each channel, within its range or not', () => {
    const kept = [0.67731, 0.81605, 0.94782, 0.95743, 0.97871, 0.01316, 0.03444, 0.12758, 0.25935, 0.39809];
    const free = [0.67731, 0.81605, 0.94782, 1.08656, 1.21833, -0.14293, -0.01116, 0.12758, 0.25935, 0.39809];
    expect(furthest(fifths(contrastPatch(patch, [1.5, 1.5]).image), kept)).toBeLessThan(2e-5);
    const unclipped = contrastPatch(patch, [1.5, 1.5], { keepRange: false });
    expect(furthest(fifths(unclipped.image), free)).toBeLessThan(2e-5);
  });

  it('raise to a power, of the image or its negative, with statistics restored or not', () => {
    const kept = [0.58679, 0.69572, 0.80429, 0.91994, 1.04351, 0.12476, 0.16645, 0.23726, 0.30322, 0.39465];
    const inverted = [
      0.65225, 0.72951, 0.79733, 0.84901, 0.88585, 0.02396, 0.14864, 0.25489, 0.36524, 0.46328,
    ];
    const plain = [0.70867, 0.77513, 0.84852, 0.90866, 0.97871, 0.14341, 0.26322, 0.37097, 0.46249, 0.5455];
    expect(furthest(fifths(gammaPatch(patch, [1.4, 1.4]).image), kept)).toBeLessThan(2e-5);
    const negative = gammaPatch(patch, [1.4, 1.4], { invert: true });
    expect(furthest(fifths(negative.image), inverted)).toBeLessThan(2e-5);
    const free = gammaPatch(patch, [0.7, 0.7], { keepStatistics: false });
    expect(furthest(fifths(free.image), plain)).toBeLessThan(2e-5);
  });

  it('take each channel by its own parameter', () => {
    const changed = gammaPatch(contrastPatch(patch, [1, 2]), [1, 1]);
    const channel = (image: Float32Array, which: number) => [...image].filter((_, i) => i % 2 === which);
    expect(furthest(channel(changed.image, 0), channel(patch.image, 0))).toBeLessThan(1e-6);
    expect(furthest(channel(changed.image, 1), channel(patch.image, 1))).toBeGreaterThan(0.1);
  });

  it('refuse another number of parameters than the patch has channels', () => {
    const changes = [
      () => brightenPatch(patch, [1]),
      () => contrastPatch(patch, [1, 1, 1]),
      () => gammaPatch(patch, []),
      () => blurPatch(patch, [null]),
      () => lowResolutionPatch(patch, [null]),
    ];
    for (const change of changes) {
      expect(change).toThrow(expect.objectContaining({ code: 'channel-count', kind: 'usage' }));
    }
  });

  it('leave a constant channel and a single voxel as they are', () => {
    const flat = { ...weylPatch([2, 1, 3]), image: new Float32Array(6).fill(0.25) };
    const voxel = weylPatch([1, 1, 1]);
    for (const each of [flat, voxel]) {
      expect(contrastPatch(each, [1.5]).image).toEqual(each.image);
      for (const invert of [false, true])
        expect(gammaPatch(each, [0.7], { invert }).image).toEqual(each.image);
    }
  });
});

describe('noise', () => {
  it('has mean 0 and the deviation asked for, and is decided by its random numbers', () => {
    const still = { ...weylPatch([31, 30, 29], 2), image: new Float32Array(31 * 30 * 29 * 2) };
    const noisy = noisePatch(still, 0.1, seededRandom(3));
    const { mean, deviation } = channelStatistics(noisy.image, 2, 1);
    // standard errors over 26970 values: 0.1 / sqrt(n) = 0.0006 and 0.1 / sqrt(2 n) = 0.0004
    expect(Math.abs(mean)).toBeLessThan(0.0025);
    expect(Math.abs(deviation - 0.1)).toBeLessThan(0.002);
    expect(noisePatch(still, 0.1, seededRandom(3))).toEqual(noisy);
    expect(noisePatch(still, 0, seededRandom(3)).image).toEqual(still.image);
  });
});
