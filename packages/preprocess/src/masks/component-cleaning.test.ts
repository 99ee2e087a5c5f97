import { describe, expect, it } from 'vitest';
import { keepLargestComponent } from './keep-largest-component.js';
import { channelOf, differing, hashedMask, maskOf, twoChannels } from './masks.test-support.js';
import { removeSmallComponents, type SmallComponentOptions } from './remove-small-components.js';

const kept = (data: ArrayLike<number>) => Array.from(data).flatMap((value, i) => (value > 0 ? [i] : []));

// SciPy 1.17: the largest, and those of 3 or more voxels, of scipy.ndimage.label(mask) by numpy.bincount
const MASK = hashedMask([4, 5, 6], 0.3);
const LARGEST = [44, 61, 62, 68, 69, 74, 91, 97, 98];
const THREE_OR_MORE = [
  2, 3, 5, 9, 10, 11, 17, 23, 44, 61, 62, 64, 65, 68, 69, 71, 74, 91, 93, 94, 97, 98, 101,
];

describe('keepLargestComponent', () => {
  it('keeps what SciPy finds largest', () => {
    expect(kept(keepLargestComponent(MASK, { connectivity: 6 }).data)).toEqual(LARGEST);
    expect(keepLargestComponent(MASK)).toEqual(MASK);
  });

  it('takes each label by itself, of equal components the first, and only the labels asked for', () => {
    const mask = maskOf([1, 1, 12], [1, 0, 1, 1, 2, 0, 2, 0, 3, 0, 3, 3]);
    expect([...keepLargestComponent(mask).data]).toEqual([0, 0, 1, 1, 2, 0, 0, 0, 0, 0, 3, 3]);
    expect([...keepLargestComponent(mask, { labels: [2, 9] }).data]).toEqual([
      1, 0, 1, 1, 2, 0, 0, 0, 3, 0, 3, 3,
    ]);
  });

  it('takes each channel by itself, and leaves its input and the affine alone', () => {
    const second = maskOf(
      [4, 5, 6],
      Array.from(MASK.data, (value) => 1 - value),
    );
    const both = twoChannels(MASK, second);
    const before = both.data.slice();
    const cleaned = keepLargestComponent(both, { connectivity: 6 });
    expect(kept(channelOf(cleaned, 0))).toEqual(LARGEST);
    expect(channelOf(cleaned, 1)).toEqual([...keepLargestComponent(second, { connectivity: 6 }).data]);
    expect(both.data).toEqual(before);
    expect(cleaned).toMatchObject({ shape: [4, 5, 6], channels: 2, affine: MASK.affine });
  });

  it('leaves an empty mask empty', () => {
    const empty = maskOf([1, 2, 1], [0, 0]);
    expect(keepLargestComponent(empty)).toEqual(empty);
  });
});

describe('removeSmallComponents', () => {
  it('removes those below a number of voxels', () => {
    const cleaned = removeSmallComponents(MASK, { minimumVoxels: 3, connectivity: 6 });
    expect(kept(cleaned.data)).toEqual(THREE_OR_MORE);
    expect(removeSmallComponents(MASK, { minimumVoxels: 1, connectivity: 6 })).toEqual(MASK);
  });

  it('removes those below a volume: voxels of 2 x 1 x 5 mm are 0.01 ml', () => {
    const options = (minimumMillilitres: number) => ({ minimumMillilitres, connectivity: 6 }) as const;
    expect(kept(removeSmallComponents(MASK, options(0.0299)).data)).toEqual(THREE_OR_MORE);
    expect(kept(removeSmallComponents(MASK, options(0.021)).data)).toEqual(THREE_OR_MORE);
    expect(differing(removeSmallComponents(MASK, options(0.0199)), MASK).length).toBeLessThan(
      differing(removeSmallComponents(MASK, options(0.021)), MASK).length,
    );
  });

  it('spares other labels', () => {
    const mask = maskOf([1, 1, 5], [1, 0, 2, 0, 2]);
    expect([...removeSmallComponents(mask, { minimumVoxels: 2, labels: [2] }).data]).toEqual([1, 0, 0, 0, 0]);
  });

  it.each([
    [{}],
    [{ minimumVoxels: -1 }],
    [{ minimumMillilitres: Number.NaN }],
    [{ minimumVoxels: 1, minimumMillilitres: 1 }],
  ])('refuses the minimum %j', (options) => {
    expect(() => removeSmallComponents(MASK, options as SmallComponentOptions)).toThrow(
      expect.objectContaining({ code: 'bad-minimum', kind: 'usage' }),
    );
  });
});
