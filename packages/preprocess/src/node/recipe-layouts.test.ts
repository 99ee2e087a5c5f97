import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../dataset/fault.js';
import { DATASET_RECIPES, type DatasetRecipeName } from '../recipes/dataset-recipes.js';
import { checkDataset } from './check-dataset.js';
import { fingerprintDataset } from './fingerprint-dataset.js';
import { readDataset } from './read-dataset.js';
import { temporaryFolder, tinyImage, tinyLabel, writePairs } from './tiny-dataset.test-support.js';
import { writeMask, writeVolume } from './write-volume.js';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});

async function rulesOf(folder: string, recipe: DatasetRecipeName): Promise<string[]> {
  return (await check(folder, recipe)).map(({ rule, fault }) => `${rule}: ${fault}`);
}

async function check(folder: string, recipe: DatasetRecipeName): Promise<Fault[]> {
  return checkDataset(await readDataset(folder, { recipe }));
}

function numbered(prefix: string, numbers: readonly number[]): string[] {
  return numbers.map((number) => `${prefix}${String(number).padStart(4, '0')}`);
}

describe('an MM-WHS folder', () => {
  const VALUES = [0, 205, 420, 500, 550, 600, 820, 850];

  async function heart(place: string, part: string, count: number, values = VALUES): Promise<void> {
    for (let index = 1001; index < 1001 + count; index += 1) {
      const stem = join(place, `${part}_${index}`);
      await writeVolume(`${stem}_image.nii.gz`, tinyImage(index));
      await writeMask(`${stem}_label.nii.gz`, tinyLabel(index, values));
    }
  }

  it('is read without a manifest, each part by its own recipe', async () => {
    const folder = join(root, 'whs');
    await heart(join(folder, 'ct_train'), 'ct_train', 20);
    await heart(join(folder, 'mr_train'), 'mr_train', 3);
    const dataset = await readDataset(folder, { recipe: 'mm-whs-ct' });
    expect(dataset.cases.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, index) => `ct_train_${1001 + index}`),
    );
    expect(dataset.labels[3]).toEqual({ id: 3, name: 'left atrium' });
    expect(dataset.splits?.folds.map(({ test }) => test?.length)).toEqual([7, 7, 6]);
    expect(await checkDataset(dataset)).toEqual([]);
    const mr = await readDataset(folder, { recipe: 'mm-whs-mr' });
    expect(mr.cases).toHaveLength(3);
    expect((await checkDataset(mr)).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['recipe-cases', 'warning'],
    ]);
  });

  it('may be flat, and 421 counts as left atrium', async () => {
    const folder = join(root, 'flat whs');
    await heart(folder, 'mr_train', 3, [0, 421]);
    await heart(folder, 'ct_train', 1);
    const { classes, caseCount } = await fingerprintDataset(
      await readDataset(folder, { recipe: 'mm-whs-mr' }),
    );
    expect(caseCount).toBe(3);
    expect(classes.filter(({ cases }) => cases > 0).map(({ id }) => id)).toEqual([3]);
  });

  it('is told of raw values that stand for nothing, and of a missing label', async () => {
    const folder = join(root, 'wrong whs');
    await heart(folder, 'ct_train', 3, [...VALUES, 422]);
    await rm(join(folder, 'ct_train_1003_label.nii.gz'));
    const rules = (await check(folder, 'mm-whs-ct')).map(({ rule }) => rule);
    expect(rules).toEqual(['recipe-cases', 'unknown-label', 'unknown-label', 'missing-file']);
  });

  it('without cases is refused', async () => {
    const folder = join(root, 'no whs');
    await mkdir(folder);
    await expect(readDataset(folder, { recipe: 'mm-whs-ct' })).rejects.toThrow(
      expect.objectContaining({ code: 'no-cases' }),
    );
  });
});

describe('an AMOS22 folder', () => {
  // The names of the published manifest, spelling and all.
  const NAMES =
    'background,spleen,right kidney,left kidney,gall bladder,esophagus,liver,stomach,arota,postcava,pancreas,right adrenal gland,left adrenal gland,duodenum,bladder,prostate/uterus';
  const labels = Object.fromEntries(NAMES.split(',').map((name, id) => [String(id), name]));
  const values = Array.from({ length: 16 }, (_, id) => id);

  async function amos(folder: string, changes: Record<string, unknown> = {}): Promise<void> {
    const training = await writePairs(folder, numbered('amos_', [1, 4, 5, 507, 6]), { values });
    const places = { images: 'imagesVa', labels: 'labelsVa' };
    const validation = await writePairs(folder, numbered('amos_', [8, 13, 540]), {
      values,
      seed: 50,
      ...places,
    });
    const manifest = { name: 'AMOS', modality: { '0': 'CT' }, labels, training, validation, ...changes };
    await writeFile(join(folder, 'dataset.json'), JSON.stringify(manifest));
  }

  it('gives its CT cases by id, with the validation list held out', async () => {
    const folder = join(root, 'amos');
    await amos(folder);
    const dataset = await readDataset(folder, { recipe: 'amos22-ct' });
    expect(dataset.cases.map(({ id }) => id)).toEqual(numbered('amos_', [1, 4, 5, 6, 8, 13]));
    expect(dataset.splits?.heldOut).toEqual(numbered('amos_', [8, 13]));
    expect(dataset.splits?.train).toEqual(numbered('amos_', [1, 4, 5, 6]));
    expect(dataset.cases[4]?.label).toBe(join(folder, 'labelsVa', 'amos_0008.nii.gz'));
    const title = DATASET_RECIPES['amos22-ct'].title;
    expect(await rulesOf(folder, 'amos22-ct')).toEqual([
      `recipe-cases: has 4 training cases; ${title} has 200`,
      `recipe-cases: has 2 held-out cases; ${title} has 100`,
    ]);
  });

  it('is told of swapped classes', async () => {
    const folder = join(root, 'swapped amos');
    await amos(folder, { labels: { ...labels, '2': 'left kidney', '3': 'right kidney' } });
    const rules = await rulesOf(folder, 'amos22-ct');
    expect(rules).toContain(
      'recipe-labels: gives ids of the recipe other meanings: 2 is "left kidney", not right kidney, 3 is "right kidney", not left kidney',
    );
  });
});

describe('a Decathlon brain folder', () => {
  const modality = { '0': 'FLAIR', '1': 'T1w', '2': 't1gd', '3': 'T2w' };
  const labels = { '0': 'background', '1': 'edema', '2': 'non-enhancing tumor', '3': 'enhancing tumour' };

  async function brain(folder: string, changes: Record<string, unknown> = {}, channels = 4): Promise<void> {
    const training = await writePairs(folder, numbered('BRATS_', [1, 2, 3, 4]), {
      values: [0, 1, 2, 3],
      channels,
    });
    await writeFile(join(folder, 'dataset.json'), JSON.stringify({ modality, labels, training, ...changes }));
  }

  it('is known by its channels and classes', async () => {
    const folder = join(root, 'brain');
    await brain(folder);
    const dataset = await readDataset(folder, { recipe: 'msd-brain' });
    expect(dataset.splits?.heldOut).toHaveLength(1);
    expect((await checkDataset(dataset)).map(({ rule }) => rule)).toEqual(['recipe-cases']);
  });

  it('is told of channels in another order, of channels that lack, and of foreign classes', async () => {
    const folder = join(root, 'other brain');
    const swapped = { ...modality, '1': 't1gd', '2': 'T1w' };
    await brain(folder, { modality: swapped, labels: { '0': 'background', '1': 'edema', '4': 'cyst' } }, 3);
    const faults = await check(folder, 'msd-brain');
    expect(faults.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)).toEqual([
      'recipe-channels',
      'recipe-labels',
      'recipe-labels',
      ...Array.from({ length: 3 }, () => 'channel-count'),
    ]);
  });

  it('keeps a split of its own', async () => {
    const folder = join(root, 'split brain');
    await brain(folder);
    const splits = {
      train: numbered('BRATS_', [1, 2, 3, 4]),
      heldOut: [],
      folds: [{ train: ['BRATS_0001'], val: [] }],
    };
    await writeFile(join(folder, 'splits.json'), JSON.stringify(splits));
    const dataset = await readDataset(folder, { recipe: 'msd-brain' });
    expect(dataset.splits?.folds).toEqual([{ train: ['BRATS_0001'], validation: [] }]);
  });
});
