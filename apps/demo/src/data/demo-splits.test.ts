import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataset } from '@bipvl/preprocess/node';
import { splitsOf } from '@bipvl/trainer';
import { expect, test } from 'vitest';
import { temporaryFolder, writeSmallHippocampus } from './__fixtures__/small-hippocampus.js';
import { demoSplits } from './demo-splits.js';

const folder = writeSmallHippocampus(temporaryFolder());

test('a folder without a split is divided as the trainer divides it, and no case counts twice', async () => {
  const dataset = await readDataset(folder);
  const splits = demoSplits(dataset);
  expect(splits).toEqual(splitsOf(dataset));
  expect(splits.heldOut).toHaveLength(6);
  expect([...splits.train, ...splits.heldOut].sort()).toEqual(dataset.cases.map(({ id }) => id));
  for (const { train, validation } of splits.folds)
    expect([...train, ...validation].sort()).toEqual(splits.train);
});

test("the folder's own split is taken, if it holds cases out", async () => {
  const fold = { train: ['hippocampus_000'], validation: ['hippocampus_001'] };
  const own = { train: ['hippocampus_000', 'hippocampus_001'], heldOut: ['hippocampus_002'], folds: [fold] };
  writeFileSync(join(folder, 'splits.json'), JSON.stringify(own));
  expect(demoSplits(await readDataset(folder))).toEqual(own);
  writeFileSync(join(folder, 'splits.json'), JSON.stringify({ ...own, heldOut: [] }));
  const dataset = await readDataset(folder);
  expect(() => demoSplits(dataset)).toThrow(expect.objectContaining({ code: 'nothing-held-out' }));
});
