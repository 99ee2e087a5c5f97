import { describe, expect, it } from 'vitest';
import { affinesClose, voxelToWorld } from '../geometry/affine.js';
import { ORIENTATION_CODES, orientationCode } from '../geometry/orientation.js';
import { counted } from '../nifti/bytes.test-support.js';
import { orient } from './orient.js';

describe('orient', () => {
  const volume = counted([3, 4, 5], 2, Float32Array);

  it.each(ORIENTATION_CODES)('to %s and back is exact', (code) => {
    const turned = orient(volume, code);
    expect(orientationCode(turned.affine)).toBe(code);
    const back = orient(turned, 'RAS');
    expect(back.data).toEqual(volume.data);
    expect(back.shape).toEqual(volume.shape);
    expect(affinesClose(back.affine, volume.affine, 1e-12)).toBe(true);
  });

  it('leaves every voxel at its place in the patient', () => {
    const turned = orient(volume, 'PIL');
    const seen = new Map<string, number>();
    visit(volume, (place, value) => seen.set(place, value));
    visit(turned, (place, value) => expect(seen.get(place)).toBe(value));
  });

  it('gives back the very volume when there is nothing to do', () => {
    expect(orient(volume, 'RAS')).toBe(volume);
  });
});

function visit(volume: typeof subject, see: (place: string, value: number) => void): void {
  const [D, H, W] = volume.shape;
  for (let d = 0; d < D; d += 1) {
    for (let h = 0; h < H; h += 1) {
      for (let w = 0; w < W; w += 1) {
        const place = voxelToWorld(volume.affine, [d, h, w]).map((mm) => mm.toFixed(6));
        see(place.join(), volume.data[((d * H + h) * W + w) * volume.channels] as number);
      }
    }
  }
}

const subject = counted();
