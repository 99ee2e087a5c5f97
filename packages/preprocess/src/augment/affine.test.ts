import { describe, expect, it } from 'vitest';
import { affinePatch } from './affine.js';
import { affineMatrix } from './affine-matrix.js';
import { everyNth, furthest, weylPatch } from './patches.test-support.js';
import { reflect } from './reflect.js';

const STILL = { rotation: [0, 0, 0], scale: [1, 1, 1] } as const;

describe('affinePatch', () => {
  it('changes nothing when it neither turns nor scales', () => {
    for (const size of [
      [5, 6, 7],
      [4, 1, 2],
      [1, 1, 1],
    ] as const) {
      const patch = weylPatch(size, 2);
      expect(affinePatch(patch, STILL)).toEqual(patch);
    }
  });

  it('turns by a right angle as by moving voxels, counter-clockwise from D to H', () => {
    const patch = weylPatch([5, 5, 3]);
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
    const ramp = { ...weylPatch([9, 1, 1]), image: Float32Array.from({ length: 9 }, (_, i) => i) };
    const wide = affinePatch(ramp, { ...STILL, scale: [1.25, 1, 1] });
    expect([...wide.image.slice(1, 8)]).toEqual([0.25, 1.5, 2.75, 4, 5.25, 6.5, 7.75]);
    expect(wide.image[0]).toBeCloseTo(0, 6);
  });

  it('reflects about the outer faces', () => {
    expect([-0.25, -1, -2.5, 3.25, 4, 8.5].map((x) => reflect(x, 4))).toEqual([0, 0, 1.5, 3, 3, 0.5]);
  });

  it('keeps labels of more than 8 bits', () => {
    const patch = { ...weylPatch([3, 3, 3]), label: Int32Array.from({ length: 27 }, () => 70_000) };
    expect([...affinePatch(patch, { ...STILL, rotation: [0.5, 0, 0] }).label]).toEqual([...patch.label]);
  });
});

// MONAI 1.6.1: Affine(rotate_params=rotation, scale_params=scale, padding_mode='reflection', mode='bilinear' and
// 'nearest', image_only=True) of the numbers of weylPatch, channels first.
describe('affinePatch and MONAI', () => {
  it('agree on 12 x 12 x 12 voxels turned about three axes and scaled', () => {
    const turned = affinePatch(weylPatch([12, 12, 12]), {
      rotation: [0.2, -0.3, 0.4],
      scale: [1.1, 0.9, 1.25],
    });
    const expected = [
      0.64912, 0.78528, 0.48712, 0.56962, 0.40842, 0.62677, 0.42896, 0.48802, 0.23896, 0.3519, 0.26024,
      0.4925, 0.55187, 0.67571, 0.73529, 0.82275, 0.76064, 0.83696, 0.55686, 0.67649, 0.53934, 0.79105,
      0.67257, 0.80156,
    ];
    expect(furthest(everyNth(turned.image, 72), expected)).toBeLessThan(2e-5);
    expect(turned.image.reduce((sum, value) => sum + value, 0)).toBeCloseTo(861.87695, 2);
    expect(everyNth(turned.label, 72)).toEqual([
      1, 2, 1, 2, 3, 2, 0, 1, 0, 3, 1, 1, 3, 0, 3, 0, 3, 2, 1, 0, 0, 0, 0, 1,
    ]);
    expect([...turned.label].reduce((sum, value) => sum + value, 0)).toBe(2579);
  });

  it('agree on two channels and a side of one voxel', () => {
    const turned = affinePatch(weylPatch([5, 1, 4], 2), { rotation: [0.1, 0.2, 0.3], scale: [1.2, 1, 0.8] });
    const expected = [
      0.78617, 0.4042, 0.47797, 0.58837, 0.1545, 0.77253, 0.32624, 0.94427, 0.70547, 0.3235, 0.57963, 0.49881,
      0.05609, 0.67412, 0.24731, 0.84943, 0.59772, 0.21575, 0.76429, 0.39106, 0.94833, 0.56637, 0.45344,
      0.74168, 0.48996, 0.108, 0.66527, 0.28331, 0.84058, 0.45861, 0.5369, 0.63392, 0.39512, 0.01316, 0.56686,
      0.1849, 0.75103, 0.36906, 0.64742, 0.55323,
    ];
    expect(furthest(turned.image, expected)).toBeLessThan(2e-5);
    expect([...turned.label]).toEqual([2, 2, 0, 1, 0, 0, 2, 3, 1, 2, 0, 1, 3, 0, 2, 2, 1, 2, 0, 0]);
  });
});
