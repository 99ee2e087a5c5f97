import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { determinant, voxelToWorld } from '../geometry/affine.js';
import { orientationCode } from '../geometry/orientation.js';
import { generatePhantom, type PhantomCase } from './generate-phantom.js';
import { PHANTOM_LABELS } from './labels.js';

const CASES: readonly PhantomCase[] = [...generatePhantom({ cases: 6 })];

/** Mean position (RAS mm), mean HU and size in ml of each label. */
function measure({
  image,
  label,
}: PhantomCase): { centre: number[]; hounsfield: number; millilitres: number }[] {
  const sums = PHANTOM_LABELS.map(() => ({ count: 0, value: 0, place: [0, 0, 0] }));
  const [, H, W] = label.shape;
  label.data.forEach((id, index) => {
    const sum = sums[id];
    if (sum === undefined) throw new Error(`label ${id} has no name`);
    const voxel = [Math.floor(index / (H * W)), Math.floor(index / W) % H, index % W] as const;
    sum.count += 1;
    sum.value += image.data[index] ?? 0;
    sum.place = voxelToWorld(label.affine, voxel).map((mm, axis) => mm + (sum.place[axis] ?? 0));
  });
  const voxel = Math.abs(determinant(label.affine)) / 1000;
  return sums.map(({ count, value, place }) => ({
    centre: place.map((mm) => mm / count),
    hounsfield: value / count,
    millilitres: count * voxel,
  }));
}

describe('the phantom', () => {
  it('is the same for the same seed, to the last bit', () => {
    const hash = createHash('sha256');
    for (const { image, label } of CASES) hash.update(new Uint8Array(image.data.buffer)).update(label.data);
    expect(hash.digest('hex')).toBe('245c12d1ae2838e1e73f4ae3570e26f89c7e41ef9674eb3fc0019ba5ed71afe2');
    const [other] = generatePhantom({ cases: 1, seed: 1 });
    expect(other?.image.data).not.toEqual(CASES[0]?.image.data);
  });

  it.each(CASES.map((entry) => [entry.id, entry] as const))(
    '%s has five organs of human size, place and attenuation',
    (_, entry) => {
      const [, liver, spleen, left, right, aorta] = measure(entry);
      if (!liver || !spleen || !left || !right || !aorta) throw new Error('five organs');
      expect(liver.millilitres).toBeGreaterThan(500);
      for (const organ of [spleen, left, right, aorta]) expect(organ.millilitres).toBeGreaterThan(50);
      expect(liver.centre[0]).toBeGreaterThan(20);
      expect(spleen.centre[0]).toBeLessThan(-60);
      expect(left.centre[0]).toBeLessThan(-40);
      expect(right.centre[0]).toBeGreaterThan(40);
      expect(Math.abs(aorta.centre[0] ?? 99)).toBeLessThan(20);
      expect(right.centre[2]).toBeLessThan(liver.centre[2] ?? 0);
      expect(spleen.hounsfield).toBeGreaterThan(liver.hounsfield);
      expect(aorta.hounsfield).toBeGreaterThan(Math.max(left.hounsfield, right.hounsfield));
    },
  );

  it('comes in several orientations, tilts and spacings', () => {
    expect(new Set(CASES.map(({ image }) => orientationCode(image.affine))).size).toBeGreaterThanOrEqual(5);
    expect(new Set(CASES.map(({ image }) => image.shape.join())).size).toBeGreaterThanOrEqual(4);
    expect(CASES.some(({ image }) => image.affine[6] !== 0 && image.affine[5] !== 0)).toBe(true);
  });

  it('refuses a number of cases that is none', () => {
    expect(() => [...generatePhantom({ cases: 0 })]).toThrow(
      expect.objectContaining({ code: 'bad-phantom' }),
    );
  });
});
