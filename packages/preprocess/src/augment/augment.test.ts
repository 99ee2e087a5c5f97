import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import type { Patch } from '../sampling/patch.js';
import { affineMatrix, affinePatch, reflect } from './affine.js';
import { augmentationStepSchema, augmentPatch } from './augment.js';
import { flipPatch } from './flip.js';
import { AUGMENTATION_PRESETS } from './presets.js';

function makePatch(size: readonly [number, number, number], channels = 1): Patch {
  const random = seededRandom(3);
  const count = size[0] * size[1] * size[2];
  return {
    image: Float32Array.from({ length: count * channels }, () => random()),
    label: Uint8Array.from({ length: count }, () => Math.floor(random() * 4)),
    size,
    channels,
    offset: [0, 0, 0],
  };
}

const STILL = { rotation: [0, 0, 0], scale: [1, 1, 1] } as const;

describe('flips', () => {
  it('undo themselves and keep image and label together', () => {
    const patch = makePatch([3, 4, 5], 2);
    for (const axes of [
      [true, false, false],
      [false, true, true],
      [true, true, true],
    ] as const) {
      const once = flipPatch(patch, axes);
      expect(once.image).not.toEqual(patch.image);
      expect(flipPatch(once, axes)).toEqual(patch);
    }
    const [last, first] = [flipPatch(patch, [true, false, false]), patch];
    expect(last.label.slice(0, 20)).toEqual(first.label.slice(40, 60));
    expect(last.image.slice(0, 40)).toEqual(first.image.slice(80, 120));
  });

  it('swap left and right labels only when left and right are mirrored', () => {
    const patch = { ...makePatch([2, 1, 1]), label: Uint8Array.of(1, 3) };
    expect([...flipPatch(patch, [true, false, false], [[1, 2]]).label]).toEqual([3, 2]);
    expect([...flipPatch(patch, [false, true, false], [[1, 2]]).label]).toEqual([1, 3]);
  });
});

describe('affinePatch', () => {
  it('changes nothing when it neither turns nor scales', () => {
    const patch = makePatch([5, 6, 7], 2);
    expect(affinePatch(patch, STILL)).toEqual(patch);
  });

  it('turns by a right angle as by moving voxels, counter-clockwise from D to H', () => {
    const patch = makePatch([5, 5, 3]);
    const turned = affinePatch(patch, { ...STILL, rotation: [0, 0, Math.PI / 2] });
    for (let d = 0; d < 5; d += 1) {
      for (let h = 0; h < 5; h += 1) {
        // source = R (d, h): (d, h) -> (-h, d) about the centre
        expect(turned.label[(d * 5 + h) * 3]).toBe(patch.label[((4 - h) * 5 + d) * 3]);
        expect(turned.image[(d * 5 + h) * 3]).toBeCloseTo(patch.image[((4 - h) * 5 + d) * 3] ?? 0, 5);
      }
    }
  });

  it('keeps lengths when it only rotates, and scales columns', () => {
    const [a, b, c, d, e, f, g, h, i] = affineMatrix({ rotation: [0.3, -0.4, 0.5], scale: [2, 1, 1] });
    expect(Math.hypot(a, d, g)).toBeCloseTo(2, 12);
    expect(Math.hypot(b, e, h)).toBeCloseTo(1, 12);
    expect(a * b + d * e + g * h).toBeCloseTo(0, 12);
    expect(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)).toBeCloseTo(2, 12);
  });

  it('zooms out for a scale above 1, reproducing a linear ramp in the middle', () => {
    const patch = makePatch([9, 1, 1]);
    const ramp = { ...patch, image: Float32Array.from({ length: 9 }, (_, i) => i) };
    const wide = affinePatch(ramp, { ...STILL, scale: [1.25, 1, 1] });
    expect([...wide.image.slice(1, 8)]).toEqual([0.25, 1.5, 2.75, 4, 5.25, 6.5, 7.75]);
    expect(wide.image[0]).toBeCloseTo(0, 6);
  });

  it('reflects about the outer faces', () => {
    expect([-0.25, -1, -2.5, 3.25, 4, 8.5].map((x) => reflect(x, 4))).toEqual([0, 0, 1.5, 3, 3, 0.5]);
  });
});

describe('augmentPatch', () => {
  it('is decided by its random numbers alone', () => {
    const patch = makePatch([6, 6, 6]);
    for (const steps of Object.values(AUGMENTATION_PRESETS)) {
      const [a, b] = [
        augmentPatch(patch, steps, seededRandom(9)),
        augmentPatch(patch, steps, seededRandom(9)),
      ];
      expect(a).toEqual(b);
      expect(augmentPatch(patch, steps, seededRandom(10))).not.toEqual(a);
    }
  });

  it('applies a step with its probability', () => {
    const patch = { ...makePatch([1, 1, 1]), image: Float32Array.of(1) };
    const random = seededRandom(2);
    const step = { kind: 'shift', range: [0.5, 0.6], probability: 0.3 } as const;
    const changed = Array.from({ length: 3000 }, () => augmentPatch(patch, [step], random).image[0] !== 1);
    expect(Math.abs(changed.filter(Boolean).length / 3000 - 0.3)).toBeLessThan(0.03);
  });

  it('has presets that pass its own validation, and refuses typos', () => {
    for (const step of Object.values(AUGMENTATION_PRESETS).flat())
      expect(augmentationStepSchema.parse(step)).toEqual(step);
    expect(() => augmentationStepSchema.parse({ kind: 'shift', range: [0, 1], probabilty: 1 })).toThrow(
      /probabilty/,
    );
  });
});
