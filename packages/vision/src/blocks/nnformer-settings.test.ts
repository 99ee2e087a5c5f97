import { relativePositionIndex } from '@bipvl/nn';
import { describe, expect, test } from 'vitest';
import { nnFormerSettings } from './nnformer-settings.js';
import { nnFormerWindows } from './nnformer-windows.js';

describe('stochastic depth', () => {
  test('grows over the encoder, and from the coarse level to the fine one in the decoder', () => {
    const { stages, levels } = nnFormerSettings({});
    const rounded = (parts: typeof stages) =>
      parts.map(({ dropPaths }) => dropPaths.map((rate) => Math.round(1000 * rate) / 1000));
    // Linear from 0 to 0.2 over eight blocks; the decoder's as read in the release.
    expect(rounded(stages)).toEqual([
      [0, 0.029],
      [0.057, 0.086],
      [0.114, 0.143],
      [0.171, 0.2],
    ]);
    expect(rounded(levels)).toEqual([
      [0.16, 0.2],
      [0.08, 0.12],
      [0, 0.04],
    ]);
  });
});

describe('windows', () => {
  const options = { relativeIndex: 'released', shiftMask: true } as const;

  test('of the published layouts at their crops', () => {
    const windowsOf = (layout: 'isotropic' | 'synapse' | 'acdc' | 'tumour') =>
      nnFormerSettings({ layout }).stages.map(({ window, still, shifted }) => [window[0], still !== shifted]);
    expect(windowsOf('isotropic')).toEqual([
      [4, true],
      [4, true],
      [6, false],
      [3, false],
    ]);
    expect(windowsOf('synapse').map(([side]) => side)).toEqual([4, 4, 8, 4]);
    expect(windowsOf('tumour').map(([side]) => side)).toEqual([4, 4, 8, 4]);
    expect(windowsOf('acdc').map(([side]) => side)).toEqual([3, 3, 7, 3]);
  });

  test('a cube shrinks to the shortest side and is then not shifted', () => {
    const { window, still, shifted } = nnFormerWindows([4, 4, 2], { ...options, window: 8 });
    expect(window).toEqual([2, 2, 2]);
    expect(shifted).toBe(still);
    expect(nnFormerWindows([4, 4, 4], { ...options, window: 4 }).shifted.regions).toBeUndefined();
    expect(nnFormerWindows([5, 5, 6], { ...options, window: 4 }).shifted.regions).toBeDefined();
  });

  test('three sides stay as they are, and are shifted unless they are the grid or one has no half', () => {
    const moved = (sides: [number, number, number], window: [number, number, number]) => {
      const windows = nnFormerWindows(sides, { ...options, window, relativeIndex: 'standard' });
      expect(windows.window).toEqual(window);
      return windows.shifted !== windows.still;
    };
    expect(moved([3, 10, 10], [3, 5, 5])).toBe(true);
    expect(moved([2, 2, 2], [3, 5, 5])).toBe(true);
    expect(moved([3, 5, 5], [3, 5, 5])).toBe(false);
    expect(moved([4, 10, 10], [1, 5, 5])).toBe(false);
  });

  test('without a mask no token is hidden from another', () => {
    const given = { ...options, window: 4, shiftMask: false };
    const windows = nnFormerWindows([8, 8, 8], given);
    expect(windows.shifted.regions).toBeUndefined();
    expect(windows.shifted.split.sources).not.toEqual(windows.still.split.sources);
  });
});

describe("the release's index of positions", () => {
  // Counted on the release: rows in use of all rows.
  test.each<[[number, number, number], number]>([
    [[4, 4, 4], 115],
    [[8, 8, 8], 547],
    [[7, 10, 10], 709],
  ])('uses few rows of the table for windows of %j', (window, rows) => {
    const [depth, height, width] = window;
    const { positionStrides } = nnFormerWindows([40, 40, 40], {
      window,
      relativeIndex: 'released',
      shiftMask: true,
    });
    const index = relativePositionIndex(window, depth * height * width, positionStrides);
    expect(new Set(index).size).toBe(rows);
  });
});
