import { describe, expect, it } from 'vitest';
import type { Affine } from './affine.js';
import { ORIENTATION_CODES, orientationCode, parseOrientation } from './orientation.js';

describe('orientation codes', () => {
  it('are 48, all different', () => {
    expect(new Set(ORIENTATION_CODES).size).toBe(48);
    expect(ORIENTATION_CODES[0]).toBe('RAS');
  });

  it('say where an affine points, also when it is oblique', () => {
    const turned = (angle: number): Affine => {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return [c, -s, 0, 0, s, c, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1];
    };
    expect(orientationCode(turned(0.7))).toBe('RAS');
    expect(orientationCode(turned(0.9))).toBe('ALS');
    expect(orientationCode([0, 0, 2, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 1])).toBe('PIR');
  });

  it('use each world axis once even where two array axes lean to the same one', () => {
    // Both of the first two columns point mostly right; the nearest rotation splits them.
    const leaning: Affine = [1, 0.9, 0, 0, 0.1, 0.5, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    expect(orientationCode(leaning)).toBe('RAS');
  });

  it.each(['', 'RAR', 'RA', 'ras', 'RASX', 'RLS'])('refuses %j', (code) => {
    expect(() => parseOrientation(code)).toThrow(expect.objectContaining({ code: 'bad-orientation' }));
  });
});
