import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataset } from '@bipvl/preprocess/node';
import { expect, test } from 'vitest';
import { temporaryFolder, writeSmallHippocampus } from './__fixtures__/small-hippocampus.js';
import { demoSplits } from './demo-splits.js';

const folder = writeSmallHippocampus(temporaryFolder());

test('a folder without a split gets the same one for a seed, and no case twice', async () => {
  const dataset = await readDataset(folder);
  const splits = demoSplits(dataset, 5);
  expect(demoSplits(dataset, 5)).toEqual(splits);
  expect(demoSplits(dataset, 6).heldOut).not.toEqual(splits.heldOut);
  expect(splits.heldOut).toHaveLength(6);
  expect(splits.folds).toHaveLength(3);
  expect([...splits.train, ...splits.heldOut].sort()).toEqual(dataset.cases.map(({ id }) => id));
  for (const { train, validation } of splits.folds) {
    expect([...train, ...validation].sort()).toEqual(splits.train);
    expect(validation).toHaveLength(8);
  }
});

test("the folder's own split is taken, if it holds cases out", async () => {
  const fold = { train: ['hippocampus_000'], validation: ['hippocampus_001'] };
  const own = { train: ['hippocampus_000', 'hippocampus_001'], heldOut: ['hippocampus_002'], folds: [fold] };
  writeFileSync(join(folder, 'splits.json'), JSON.stringify(own));
  expect(demoSplits(await readDataset(folder), 5)).toEqual(own);
  writeFileSync(join(folder, 'splits.json'), JSON.stringify({ ...own, heldOut: [] }));
  const dataset = await readDataset(folder);
  expect(() => demoSplits(dataset, 5)).toThrow(expect.objectContaining({ code: 'nothing-held-out' }));
});
