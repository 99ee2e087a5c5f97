import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { augmentPatch } from './augment.js';
import type { AugmentationStep } from './augmentation-step.js';
import { augmentationStepSchema } from './augmentation-step-schema.js';
import { balancedFactor } from './draw.js';
import { weylPatch } from './patches.test-support.js';
import { AUGMENTATION_PRESETS } from './presets.js';

const one = { ...weylPatch([1, 1, 1]), image: Float32Array.of(1) };

/** One of each step that changes intensities alone, always applied. */
const INTENSITY: readonly AugmentationStep[] = [
  { kind: 'shift', range: [0.1, 0.2], probability: 1 },
  { kind: 'scale', range: [0.1, 0.2], probability: 1 },
  { kind: 'noise', deviation: [0.1, 0.2], probability: 1 },
  { kind: 'blur', sigma: [0.5, 1], probability: 1 },
  { kind: 'brightness', factor: [0.7, 1.3], probability: 1 },
  { kind: 'contrast', factor: [0.7, 1.3], probability: 1 },
  { kind: 'gamma', gamma: [0.7, 1.5], probability: 1 },
  { kind: 'gamma', gamma: [0.7, 1.5], probability: 1, invert: true, keepStatistics: false },
  { kind: 'low-resolution', zoom: [0.4, 0.5], probability: 1 },
];

/** How often each of `count` draws changes the single voxel of value 1 of `one`, over all of them. */
function shareChanged(step: AugmentationStep, count: number): number {
  const random = seededRandom(2);
  const values = Array.from({ length: count }, () => augmentPatch(one, [step], random).image[0]);
  return values.filter((value) => value !== 1).length / count;
}

describe('augmentPatch', () => {
  it('is decided by its random numbers alone', () => {
    const patch = weylPatch([6, 5, 7], 2);
    const all = [...INTENSITY, ...AUGMENTATION_PRESETS.ct];
    for (const steps of [...Object.values(AUGMENTATION_PRESETS), all]) {
      const again = (seed: number) => augmentPatch(patch, steps, seededRandom(seed));
      expect(again(9)).toEqual(again(9));
      expect(Array.from({ length: 20 }, (_, i) => again(i))).toContainEqual(
        expect.not.objectContaining({ image: patch.image }),
      );
    }
    expect(augmentPatch(patch, all, seededRandom(9))).not.toEqual(augmentPatch(patch, all, seededRandom(10)));
  });

  it('applies a step with its probability', () => {
    expect(
      Math.abs(shareChanged({ kind: 'shift', range: [0.5, 0.6], probability: 0.3 }, 3000) - 0.3),
    ).toBeLessThan(0.03);
    const brightness = { kind: 'brightness', factor: [0.5, 1.5], probability: 0.15 } as const;
    expect(Math.abs(shareChanged(brightness, 3000) - 0.15)).toBeLessThan(0.03);
  });

  it('leaves the label alone and keeps the input in intensity steps, on odd sides and two channels', () => {
    for (const size of [
      [5, 3, 7],
      [1, 1, 1],
      [1, 4, 1],
    ] as const) {
      const patch = weylPatch(size, 2);
      const before = structuredClone(patch);
      for (const step of INTENSITY) {
        const changed = augmentPatch(patch, [step], seededRandom(4));
        expect(changed.label).toBe(patch.label);
        expect(changed.image.every(Number.isFinite)).toBe(true);
        expect(changed).toMatchObject({ size, channels: 2, offset: [0, 0, 0] });
        if (size[0] === 5) expect(changed.image, step.kind).not.toEqual(before.image);
      }
      expect(patch).toEqual(before);
    }
  });

  it('decides about turning and zooming apart, and resamples only where either happens', () => {
    const patch = weylPatch([4, 4, 4]);
    const step = (rotationProbability: number, scaleProbability: number): AugmentationStep => ({
      kind: 'affine',
      rotation: [0.5, 0.5, 0.5],
      scale: [0.7, 0.8],
      probability: 1,
      perAxis: false,
      rotationProbability,
      scaleProbability,
    });
    const random = seededRandom(6);
    const still = Array.from({ length: 1000 }, () => augmentPatch(patch, [step(0.2, 0.3)], random) === patch);
    expect(Math.abs(still.filter(Boolean).length / 1000 - 0.8 * 0.7)).toBeLessThan(0.05);
    expect(augmentPatch(patch, [step(0, 0)], random)).toBe(patch);
    expect(augmentPatch(patch, [step(0, 1)], random)).not.toBe(patch);
    expect(augmentPatch(patch, [step(1, 0)], random)).not.toBe(patch);
  });

  it('zooms all axes alike where it is not per axis', () => {
    // a ramp along each axis: equal zooms keep the three channels transposes of one another
    const size = [5, 5, 5] as const;
    const image = Float32Array.from({ length: 375 }, (_, i) => {
      const voxel = Math.floor(i / 3);
      return [Math.floor(voxel / 25), Math.floor(voxel / 5) % 5, voxel % 5][i % 3] ?? 0;
    });
    const ramp = { ...weylPatch(size, 3), image };
    const steps = (perAxis: boolean) =>
      [{ kind: 'affine', rotation: [0, 0, 0], scale: [0.5, 0.9], probability: 1, perAxis }] as const;
    const corner = (perAxis: boolean) =>
      augmentPatch(ramp, steps(perAxis), seededRandom(1)).image.slice(0, 3);
    const [d, h, w] = corner(false);
    expect([h, w]).toEqual([d, d]);
    const [x, y] = corner(true);
    expect(y).not.toBe(x);
  });

  it('blurs and coarsens a channel with its own probability', () => {
    const patch = weylPatch([3, 3, 3], 2);
    const random = seededRandom(8);
    const step = { kind: 'blur', sigma: [0.5, 1], probability: 1, channelProbability: 0.5 } as const;
    const kept = Array.from({ length: 400 }, () => {
      const { image } = augmentPatch(patch, [step], random);
      return [0, 1].filter((channel) => image[channel] === patch.image[channel]).length;
    });
    const share = (count: number) => kept.filter((each) => each === count).length / 400;
    expect(Math.abs(share(0) - 0.25)).toBeLessThan(0.08);
    expect(Math.abs(share(1) - 0.5)).toBeLessThan(0.08);
    expect(Math.abs(share(2) - 0.25)).toBeLessThan(0.08);
  });
});

describe('balancedFactor', () => {
  it('is as often below 1 as above, uniform on either side', () => {
    const random = seededRandom(5);
    const factors = Array.from({ length: 4000 }, () => balancedFactor([0.7, 1.5], random));
    const below = factors.filter((factor) => factor < 1);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(below.length / 4000 - 0.5)).toBeLessThan(0.03);
    expect(mean(below)).toBeCloseTo(0.85, 1);
    expect(mean(factors.filter((factor) => factor >= 1))).toBeCloseTo(1.25, 1);
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.7);
    expect(Math.max(...factors)).toBeLessThan(1.5);
  });

  it('stays in a range that lies on one side of 1', () => {
    const random = seededRandom(5);
    for (const range of [
      [0.2, 0.4],
      [1.2, 1.4],
    ] as const) {
      const factors = Array.from({ length: 200 }, () => balancedFactor(range, random));
      expect(factors.every((factor) => factor >= range[0] && factor < range[1])).toBe(true);
    }
  });
});

describe('augmentation steps as JSON', () => {
  it('include the presets and one of each kind, unchanged by reading', () => {
    for (const step of [...Object.values(AUGMENTATION_PRESETS).flat(), ...INTENSITY])
      expect(augmentationStepSchema.parse(JSON.parse(JSON.stringify(step)))).toEqual(step);
  });

  it.each([
    [{ kind: 'shift', range: [0, 1], probabilty: 1 }, /probabilty/],
    [{ kind: 'shift', range: [1, 0], probability: 1 }, /low above high/],
    [{ kind: 'shift', range: [0, 1], probability: 1.5 }, /probability/],
    [{ kind: 'affine', rotation: [0, 0, 0], scale: [0, 1], probability: 1 }, /a scale must be above 0/],
    [{ kind: 'affine', rotation: [4, 0, 0], scale: [1, 1], probability: 1 }, /rotation/],
    [{ kind: 'noise', deviation: [-1, 1], probability: 1 }, /standard deviation must not be below 0/],
    [{ kind: 'blur', sigma: [-1, 1], probability: 1 }, /standard deviation must not be below 0/],
    [{ kind: 'brightness', factor: [0, 1], probability: 1 }, /a factor must be above 0/],
    [{ kind: 'contrast', factor: [0, 1], probability: 1 }, /a factor must be above 0/],
    [{ kind: 'gamma', gamma: [0, 1], probability: 1 }, /gamma must be above 0/],
    [{ kind: 'low-resolution', zoom: [0.5, 2], probability: 1 }, /would not lower the resolution/],
    [{ kind: 'low-resolution', zoom: [0, 1], probability: 1 }, /a zoom must be above 0/],
    [{ kind: 'flip', probability: [1, 1, 1], labelPairs: [[1, 1]] }, /one pair only, with another label/],
    [{ kind: 'flip', probability: [1, 1, 1], labelPairs: [[1, 2], [2, 3]] }, /one pair only/], // biome-ignore format: a table
    [{ kind: 'flip', probability: [1, 1, 1], leftRightAxis: 3 }, /leftRightAxis/],
    [{ kind: 'elastic', probability: 1 }, /kind/],
  ])('are refused: %j', (step, message) => {
    expect(() => augmentationStepSchema.parse(step)).toThrow(message);
  });
});
