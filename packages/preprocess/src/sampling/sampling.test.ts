import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import type { Volume } from '../volume.js';
import { buildPatchIndex } from './patch-index.js';
import { cutPatch } from './patch-source.js';
import { samplePatch } from './sample-patch.js';

const side = fc.integer({ min: 1, max: 9 });

function makeCase(shape: readonly [number, number, number], seed: number): { image: Volume; label: Volume } {
  const random = seededRandom(seed);
  const count = shape[0] * shape[1] * shape[2];
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;
  const image = {
    data: Float32Array.from({ length: count }, () => random() - 0.3),
    shape,
    channels: 1,
    affine,
  };
  const label = {
    data: Uint8Array.from({ length: count }, () => (random() < 0.2 ? 1 + Math.floor(random() * 3) : 0)),
    shape,
    channels: 1,
    affine,
  };
  return { image, label };
}

describe('samplePatch', () => {
  it('has the asked sides, stays inside where the case is larger, and copies what is there', () => {
    fc.assert(
      fc.property(fc.tuple(side, side, side), fc.tuple(side, side, side), fc.nat(), (shape, size, seed) => {
        const { image, label } = makeCase(shape, seed);
        const patch = samplePatch(image, label, buildPatchIndex(image, label), {
          size,
          random: seededRandom(seed),
        });
        expect(patch.image.length).toBe(size[0] * size[1] * size[2]);
        patch.offset.forEach((start, axis) => {
          const [whole, part] = [shape[axis] ?? 0, size[axis] ?? 0];
          if (part <= whole) expect(start >= 0 && start + part <= whole).toBe(true);
          else expect(start).toBe(0 - Math.floor((part - whole) / 2));
        });
        const again = cutPatch(image, label, patch.offset, size, 0);
        expect(again.image).toEqual(patch.image);
        expect(again.label).toEqual(patch.label);
      }),
    );
  });

  it('centres on labels with the asked chance, and on lit background otherwise', () => {
    const { image, label } = makeCase([9, 9, 9], 4);
    const index = buildPatchIndex(image, label);
    const random = seededRandom(5);
    const centres = Array.from({ length: 4000 }, () => {
      const patch = samplePatch(image, label, index, { size: [1, 1, 1], positiveFraction: 0.75, random });
      return { label: patch.label[0] as number, value: patch.image[0] as number };
    });
    const positive = centres.filter((centre) => centre.label > 0).length / centres.length;
    expect(Math.abs(positive - 0.75)).toBeLessThan(0.03);
    expect(centres.every((centre) => centre.label > 0 || centre.value > 0)).toBe(true);
  });

  it('gives rare classes their share when balancing', () => {
    const { image, label } = makeCase([9, 9, 9], 4);
    const data = label.data.map((value, i) => (i === 400 ? 3 : value === 3 ? 1 : value));
    const rare = { ...label, data };
    const options = {
      size: [1, 1, 1],
      positiveFraction: 1,
      balanceClasses: true,
      random: seededRandom(6),
    } as const;
    const index = buildPatchIndex(image, rare);
    const hits = Array.from({ length: 3000 }, () => samplePatch(image, rare, index, options).label[0]);
    expect(Math.abs(hits.filter((id) => id === 3).length / hits.length - 1 / 3)).toBeLessThan(0.04);
  });

  it('uses the other kind where one is missing, and any voxel where both are', () => {
    const { image, label } = makeCase([4, 4, 4], 1);
    const empty = { ...label, data: new Uint8Array(64) };
    const dark = { ...image, data: new Float32Array(64) };
    const size = [1, 1, 1] as const;
    const random = seededRandom(1);
    const patch = samplePatch(image, empty, buildPatchIndex(image, empty), {
      size,
      positiveFraction: 1,
      random,
    });
    expect(patch.image[0]).toBeGreaterThan(0);
    const only = samplePatch(dark, label, buildPatchIndex(dark, label), {
      size,
      positiveFraction: 0,
      random,
    });
    expect(only.label[0]).toBeGreaterThan(0);
    expect(samplePatch(dark, empty, buildPatchIndex(dark, empty), { size, random }).label[0]).toBe(0);
  });

  it('refuses an image and a label of different shapes', () => {
    const { image } = makeCase([4, 4, 4], 1);
    const { label } = makeCase([4, 4, 5], 1);
    expect(() => buildPatchIndex(image, label)).toThrow(expect.objectContaining({ code: 'label-mismatch' }));
  });
});
