import { describe, expect, it } from 'vitest';
import type { AugmentationStep } from './augmentation-step.js';
import { flipPatch } from './flip.js';
import { weylPatch } from './patches.test-support.js';
import { flipsSidesUnpaired, withoutSideFlips } from './side-flips.js';

const flip = (over: object): AugmentationStep => ({
  kind: 'flip',
  probability: [0.5, 0.4, 0.3],
  labelPairs: [],
  ...over,
});
const shift: AugmentationStep = { kind: 'shift', range: [0, 1], probability: 1 };

describe('flips', () => {
  it('undo themselves and keep image and label together', () => {
    const patch = weylPatch([3, 4, 5], 2);
    for (const axes of [
      [true, false, false],
      [false, true, true],
      [true, true, true],
    ] as const) {
      const once = flipPatch(patch, axes);
      expect(once.image).not.toEqual(patch.image);
      expect(flipPatch(once, axes)).toEqual(patch);
    }
    const last = flipPatch(patch, [true, false, false]);
    expect(last.label.slice(0, 20)).toEqual(patch.label.slice(40, 60));
    expect(last.image.slice(0, 40)).toEqual(patch.image.slice(80, 120));
  });

  it('swap left and right labels only when left and right are mirrored', () => {
    const patch = { ...weylPatch([2, 1, 1]), label: Uint8Array.of(1, 3) };
    expect([...flipPatch(patch, [true, false, false], [[1, 2]]).label]).toEqual([3, 2]);
    expect([...flipPatch(patch, [false, true, false], [[1, 2]]).label]).toEqual([1, 3]);
    expect([...flipPatch(patch, [true, false, false], [[1, 2]], 2).label]).toEqual([3, 1]);
    expect([...flipPatch(patch, [false, false, true], [[1, 2]], 2).label]).toEqual([2, 3]);
  });
});

describe('withoutSideFlips', () => {
  it('turns off the flips along the left-right axis that have no pairs, and nothing else', () => {
    const paired = flip({ labelPairs: [[2, 3]] });
    expect(withoutSideFlips([shift, flip({}), flip({ leftRightAxis: 2 }), paired])).toEqual([
      shift,
      flip({ probability: [0, 0.4, 0.3] }),
      flip({ probability: [0.5, 0.4, 0], leftRightAxis: 2 }),
      paired,
    ]);
  });

  it('finds nothing to turn off a second time', () => {
    expect(flipsSidesUnpaired(flip({}))).toBe(true);
    expect(flipsSidesUnpaired(shift)).toBe(false);
    expect(withoutSideFlips([flip({})]).some(flipsSidesUnpaired)).toBe(false);
  });
});
