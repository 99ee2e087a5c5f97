import { describe, expect, test } from 'vitest';
import { windowCorners, windowStarts } from './windows.js';

describe('windowStarts', () => {
  test('side 200, patch 96: steps of the overlap, the last window clamped', () => {
    expect(windowStarts(200, 96, 0.25)).toEqual([0, 72, 104]);
    expect(windowStarts(200, 96, 0.75)).toEqual([0, 24, 48, 72, 96, 104]);
  });

  test('a side of the patch or shorter has one window', () => {
    expect(windowStarts(96, 96, 0.75)).toEqual([0]);
    expect(windowStarts(20, 96, 0.75)).toEqual([0]);
  });

  test('an overlap that leaves no step moves by one voxel', () => {
    expect(windowStarts(6, 4, 0.99)).toEqual([0, 1, 2]);
  });

  test.each([1, -0.1, Number.NaN])('an overlap of %s is refused', (overlap) => {
    expect(() => windowStarts(200, 96, overlap)).toThrow(/at least 0 and below 1/);
  });

  test('every voxel lies in a window', () => {
    for (let side = 1; side < 40; side++) {
      for (const overlap of [0, 0.3, 0.5, 0.9]) {
        const covered = new Set(
          windowStarts(side, 7, overlap).flatMap((start) => Array.from({ length: 7 }, (_, i) => start + i)),
        );
        expect(Array.from({ length: side }, (_, i) => i).filter((voxel) => !covered.has(voxel))).toEqual([]);
      }
    }
  });
});

test('windowCorners takes one overlap an axis, the last axis fastest', () => {
  expect(windowCorners([4, 4, 2], { patch: [2, 2, 2], overlap: [0, 0.5, 0] })).toEqual([
    [0, 0, 0],
    [0, 1, 0],
    [0, 2, 0],
    [2, 0, 0],
    [2, 1, 0],
    [2, 2, 0],
  ]);
});
