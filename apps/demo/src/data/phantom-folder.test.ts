import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { readDataset } from '@bipvl/preprocess/node';
import { expect, test } from 'vitest';
import { temporaryFolder } from './__fixtures__/small-hippocampus.js';
import { phantomFolder } from './phantom-folder.js';

const choice = { seed: 7, cases: 5 };

test('the phantom is written once, in one stroke', async () => {
  const parent = temporaryFolder();
  const folder = await phantomFolder(parent, choice);
  expect(readdirSync(parent)).toHaveLength(1);
  expect((await readDataset(folder)).cases).toHaveLength(5);
  const manifest = join(folder, 'dataset.json');
  utimesSync(manifest, 1, 1);
  expect(await phantomFolder(parent, choice)).toBe(folder);
  expect(statSync(manifest).mtimeMs).toBe(1000);
});

test('one that is not complete is written anew, with the same voxels', async () => {
  const parent = temporaryFolder();
  const folder = await phantomFolder(parent, choice);
  const scan = join(folder, 'imagesTr', 'phantom_001.nii.gz');
  const before = readFileSync(scan);
  for (const path of [scan, join(folder, 'dataset.json')]) rmSync(path);
  mkdirSync(join(folder, 'something else'));
  expect(await phantomFolder(parent, choice)).toBe(folder);
  expect(readFileSync(scan)).toEqual(before);
  expect(readdirSync(folder).sort()).toEqual(['dataset.json', 'imagesTr', 'labelsTr', 'splits.json']);
  expect(readdirSync(parent)).toHaveLength(1);
});

test('another seed or number of cases has another folder', async () => {
  const parent = temporaryFolder();
  const small = { seed: 7, cases: 4 };
  const folders = [small, { seed: 8, cases: 4 }, { seed: 7, cases: 5 }].map((each) =>
    phantomFolder(parent, each),
  );
  expect(new Set(await Promise.all(folders)).size).toBe(3);
});
