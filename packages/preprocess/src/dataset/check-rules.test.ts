import { describe, expect, it } from 'vitest';
import type { Affine } from '../geometry/affine.js';
import type { Shape3 } from '../volume.js';
import type { CaseFacts } from './case-facts.js';
import { checkDuplicates } from './check-duplicates.js';
import { checkHounsfield } from './check-hounsfield.js';
import { checkImage } from './check-image.js';
import { checkManifest } from './check-manifest.js';
import { checkOutliers } from './check-outliers.js';
import { checkSplits } from './check-splits.js';
import { manifestSchema } from './manifest.js';
import { splitsSchema } from './splits.js';
import type { VolumeFacts } from './volume-facts.js';

function diagonal(x: number, y: number, z: number): Affine {
  return [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1];
}

const SHAPE: Shape3 = [10, 10, 10];
const facts: VolumeFacts = {
  shape: SHAPE,
  channels: 1,
  affine: diagonal(1, 1, 1),
  formDistance: 0,
  scaled: false,
  ranges: [[-1000, 1000]],
  nonFinite: null,
  values: null,
  remarks: [],
  digest: '',
};

function caseOf(id: string, changes: Partial<VolumeFacts> = {}): CaseFacts {
  const file = `${id}.nii`;
  return { files: { id, images: [file] }, images: [{ file, facts: { ...facts, digest: id, ...changes } }] };
}

function many(count: number, changes: Partial<VolumeFacts> = {}): CaseFacts[] {
  return Array.from({ length: count }, (_, index) => caseOf(`case${index}`, changes));
}

describe('checkImage', () => {
  it('compares forms with half a voxel of 2 mm', () => {
    const coarse = { ...facts, affine: diagonal(2, 3, 4) };
    expect(checkImage('f', { ...coarse, formDistance: 0.99 })).toEqual([]);
    expect(checkImage('f', { ...coarse, formDistance: 1.01 })).toMatchObject([{ rule: 'forms-disagree' }]);
    expect(checkImage('f', { ...coarse, formDistance: null })).toMatchObject([{ rule: 'bad-qform' }]);
  });

  it('lets an oblique scan pass, and names the flat channel', () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const oblique: Affine = [c, -s, 0, 0, s, c, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1];
    expect(checkImage('f', { ...facts, affine: oblique.map(Math.fround) as unknown as Affine })).toEqual([]);
    const [fault] = checkImage('f', { ...facts, channels: 2, ranges: [[0, 1], [5, 5]] }); // biome-ignore format: a pair
    expect(fault?.fault).toBe('every voxel of channel 1 is 5');
  });
});

describe('checkOutliers', () => {
  it('tells spacing along the body, with numbers', () => {
    const turned: Affine = [0, 0, 9, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]; // third array axis: left-right
    const [spacing, size] = checkOutliers([...many(8), caseOf('odd', { affine: turned })]);
    expect(spacing?.fault).toBe('unusual spacing: left-right 9 mm (median 1 mm)');
    expect(size?.fault).toBe('unusual extent: left-right 90 mm (median 10 mm)');
  });

  it('lets three times the median pass, and says nothing of four cases', () => {
    expect(checkOutliers([...many(8), caseOf('thick', { affine: diagonal(1, 1, 3) })])).toEqual([]);
    expect(checkOutliers([...many(3), caseOf('odd', { affine: diagonal(1, 1, 9) })])).toEqual([]);
  });

  it('tells an orientation that nine in ten do not have', () => {
    const flipped = caseOf('flipped', { affine: diagonal(-1, -1, 1) });
    const faults = checkOutliers([...many(9), flipped]);
    expect(faults.map(({ fault }) => fault)).toEqual(['unusual orientation: LPS, 9 of 10 cases have RAS']);
    expect(checkOutliers([...many(8), flipped])).toEqual([]);
  });
});

describe('checkHounsfield', () => {
  it.each([
    [-1000, 1000, 0],
    [0, 2000, 1],
    [-1, 99, 1],
  ])('CT from %i to %i: %i warning(s)', (low, high, count) => {
    expect(checkHounsfield(many(2, { ranges: [[low, high]] }), ['ct'], 'dataset.json')).toHaveLength(count);
  });

  it('looks at all cases together, and at CT alone', () => {
    const cases = [caseOf('a', { ranges: [[0, 50]] }), caseOf('b', { ranges: [[-900, 800]] })];
    expect(checkHounsfield(cases, ['CT'], 'dataset.json')).toEqual([]);
    expect(checkHounsfield(many(2, { ranges: [[0, 50]] }), ['MRI'], 'dataset.json')).toEqual([]);
    expect(checkHounsfield(many(1, { ranges: [null] }), ['CT'], 'dataset.json')).toEqual([]);
  });
});

describe('checkDuplicates', () => {
  const twins = [caseOf('a', { digest: 'same' }), caseOf('b', { digest: 'same' })];
  const splits = { train: ['a', 'b'], heldOut: [], folds: [{ train: ['a'], validation: ['b'] }] };

  it('is an error where a border lies between the two', () => {
    expect(checkDuplicates(twins)).toMatchObject([{ severity: 'warning', file: 'b.nii' }]);
    expect(
      checkDuplicates(twins, { ...splits, folds: [{ train: ['a', 'b'], validation: [] }] }),
    ).toMatchObject([{ severity: 'warning' }]);
    expect(checkDuplicates(twins, splits)).toMatchObject([{ severity: 'error' }]);
    const tested = { train: ['a'], validation: [], test: ['b'] };
    expect(checkDuplicates(twins, { ...splits, folds: [tested] })).toMatchObject([{ severity: 'error' }]);
    const out = { ...splits, heldOut: ['b'], folds: [] };
    expect(checkDuplicates(twins, out)[0]?.fault).toBe(
      'is voxel for voxel the image of case a: a leak, one of the two is held out',
    );
  });
});

describe('folds with test cases', () => {
  it('are read from either spelling of a split', () => {
    const fold = { train: ['a'], val: ['b'], test: ['c'] };
    const wanted = [{ train: ['a'], validation: ['b'], test: ['c'] }];
    expect(splitsSchema.parse([fold])).toEqual({ train: ['a', 'b', 'c'], heldOut: [], folds: wanted });
    expect(splitsSchema.parse({ train: ['a', 'b', 'c'], folds: [fold] }).folds).toEqual(wanted);
  });

  it('must not test what they train on', () => {
    const folds = [{ train: ['a'], validation: ['b'], test: ['a', 'd'] }];
    const faults = checkSplits({ train: ['a', 'b'], heldOut: ['d'], folds }, ['a', 'b', 'd'], 'splits.json');
    expect(faults.map(({ fault }) => fault)).toEqual([
      'fold 0 tests a case that it trains or validates on: a',
      'fold 0 uses a case that is not in train: d',
    ]);
  });
});

describe('checkManifest', () => {
  const labels = [0, 1, 4].map((id) => ({ id, name: `class ${id}` }));

  it('tells a count that is wrong and ids that are skipped', () => {
    const faults = checkManifest({ numTraining: 3, labels }, 2, 'dataset.json');
    expect(faults.map(({ rule, fault }) => `${rule}: ${fault.split(',')[0]}`)).toEqual([
      'case-count: numTraining is 3',
      'label-gap: labels has no id 2',
    ]);
    expect(checkManifest({ labels: labels.slice(0, 2) }, 2, 'dataset.json')).toEqual([]);
  });
});

describe('manifestSchema', () => {
  it('takes the validation list of AMOS22 and leaves other things of that name alone', () => {
    const labels = { background: 0, liver: 1 };
    const list = [{ image: './imagesVa/a.nii.gz', label: './labelsVa/a.nii.gz' }];
    expect(manifestSchema.parse({ labels, validation: list }).validation).toEqual(list);
    expect(manifestSchema.parse({ labels, validation: { split: 0.2 } })).not.toHaveProperty('validation');
  });
});
