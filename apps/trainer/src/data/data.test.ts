import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RandomStream } from '@bipvl/nn';
import type { Dataset } from '@bipvl/preprocess';
import { type PatchLoader, readDataset } from '@bipvl/preprocess/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../prepare/resolve-config.js';
import { temporaryFolder, tinyConfig, tinyPhantom } from '../tiny-run.test-support.js';
import { BatchSource, batchOrder, type PatchBatch } from './batches.js';
import { checkCases } from './check-cases.js';
import { openCases } from './open-cases.js';
import { chooseCases, type RunCases, spreadEvenly } from './run-cases.js';

let dataset: Dataset;
let cases: RunCases;
let cacheFolder: string;
let allowed: readonly string[];
const opened: PatchLoader[] = [];

beforeAll(async () => {
  const folder = await temporaryFolder();
  cacheFolder = join(folder, 'cache');
  dataset = await readDataset(await tinyPhantom(folder));
  cases = chooseCases(dataset, 0);
  allowed = [...cases.train, ...cases.validation];
  // Whatever opens a held-out case from here on fails.
  for (const { id, images, label } of dataset.cases) {
    if (cases.heldOut.includes(id)) for (const file of [...images, label ?? '']) await rm(file);
  }
});

afterAll(() => Promise.all(opened.map((loader) => loader.close())));

async function open(
  overrides: readonly string[] = [],
): Promise<{ loader: PatchLoader; batches: BatchSource }> {
  const settings = tinyConfig(dataset.folder, ['sampling.batch=3', 'loading.workers=1', ...overrides]);
  const config = resolveConfig(settings, dataset);
  const loader = await openCases(dataset, { config, cases, cacheFolder });
  opened.push(loader);
  return { loader, batches: new BatchSource(loader, config.sampling.batch) };
}

describe('the cases of a run', () => {
  it('are those of the fold, the held-out ones known by name only', () => {
    expect([cases.train.length, cases.validation.length, cases.heldOut.length]).toEqual([3, 3, 2]);
    const all = new Set([...cases.train, ...cases.validation, ...cases.heldOut]);
    expect(all.size).toBe(8);
  });

  it('are refused when a fold uses a held-out one, is empty or does not exist', () => {
    const { splits } = cases;
    const leaking = {
      ...splits,
      folds: [
        { train: splits.heldOut, validation: [] },
        { train: [], validation: [] },
      ],
    };
    expect(() => chooseCases({ ...dataset, splits: leaking }, 0)).toThrow(
      expect.objectContaining({ code: 'held-out-in-fold' }),
    );
    expect(() => chooseCases({ ...dataset, splits: leaking }, 1)).toThrow(
      expect.objectContaining({ code: 'empty-fold' }),
    );
    expect(() => chooseCases(dataset, 2)).toThrow(/has folds 0 to 1, asked for 2/);
  });

  it('are divided anew where the dataset does not say how, some held out', () => {
    const { splits: _splits, ...bare } = dataset;
    const own = chooseCases(bare, 0);
    expect(own.heldOut.length).toBe(2);
    expect(chooseCases(bare, 0)).toEqual(own);
  });

  it('are spread evenly where only some validate', () => {
    expect(spreadEvenly(['a', 'b', 'c', 'd', 'e', 'f'], 3)).toEqual(['a', 'c', 'e']);
    expect(spreadEvenly(['a', 'b'], 3)).toEqual(['a', 'b']);
    expect(spreadEvenly(['a', 'b'], null)).toEqual(['a', 'b']);
  });
});

describe('the opened cases', () => {
  it('are those of the fold and no others', async () => {
    const { loader } = await open();
    for (const id of allowed) expect(loader.readCase(id).image.channels).toBe(1);
    for (const id of [...cases.heldOut, 'no such case']) {
      expect(() => loader.readCase(id)).toThrow(
        expect.objectContaining({ code: 'case-not-allowed', kind: 'internal' }),
      );
    }
  });

  it('number the labels as output channels and make background of the others', async () => {
    const whole = await open();
    const part = await open(['segmenter.labels=[{id: 3, name: left kidney}, {id: 1, name: spleen}]']);
    const [id = ''] = cases.train;
    const [before, after] = [whole, part].map(({ loader }) => loader.readCase(id).label.data);
    const expected = new Map([
      [3, 1],
      [1, 2],
    ]);
    expect(new Set(after)).toEqual(new Set([0, 1, 2]));
    expect(after?.every((value, i) => value === (expected.get(before?.[i] ?? 0) ?? 0))).toBe(true);
  });

  it('have a digest that follows from what the network can see', async () => {
    const [one, same, other] = await Promise.all([
      open(),
      open(['seed=9']),
      open(['recipe.intensity.high=200']),
    ]);
    expect(same.loader.digest()).toBe(one.loader.digest());
    expect(other.loader.digest()).not.toBe(one.loader.digest());
  });

  it('name a case of the split that the dataset does not have', async () => {
    const config = resolveConfig(tinyConfig(dataset.folder), dataset);
    const strange = { ...cases, validation: ['stranger'] };
    await expect(openCases(dataset, { config, cases: strange, cacheFolder })).rejects.toMatchObject({
      code: 'unknown-case',
      message: expect.stringContaining('stranger'),
    });
  });
});

describe('the check before a run', () => {
  it('looks at the cases of the fold, and reports a missing held-out file all the same', async () => {
    await expect(checkCases(dataset, { cases: allowed })).rejects.toMatchObject({
      code: 'dataset-faults',
      kind: 'data',
      message: expect.stringMatching(/is missing \(and 3 more: bipvl-trainer check/),
    });
  });
});

describe('the batches', () => {
  it('never hold a case that is held out or validates, in whatever step', async () => {
    const { batches } = await open();
    const seen = new Set<string>();
    for (let step = 0; step < 40; step++) for (const id of (await batches.draw(step)).caseIds) seen.add(id);
    expect([...seen].sort()).toEqual(cases.train);
  });

  it('go through all cases in each epoch', () => {
    const order = batchOrder({ cases: cases.train, batch: 3, random: new RandomStream(7) });
    const epochs = [0, 3, 6, 9, 12, 15].map((n) =>
      [order(n), order(n + 1), order(n + 2)].map(({ caseId }) => caseId),
    );
    for (const epoch of epochs) expect([...epoch].sort()).toEqual(cases.train);
    expect(new Set(epochs.map(String)).size).toBeGreaterThan(1);
  });

  it('are a function of seed and step, not of what was drawn before or of the threads', async () => {
    const [one, other, third] = [await open(), await open(['loading.workers=0']), await open(['seed=8'])];
    for (let step = 0; step < 5; step++) await one.batches.draw(step);
    const [fifth, alone] = [await one.batches.draw(5), await other.batches.draw(5)];
    expect(equal(fifth, alone)).toBe(true);
    expect(equal(fifth, await third.batches.draw(5))).toBe(false);
    expect(equal(fifth, await one.batches.draw(6))).toBe(false);
    expect(equal(fifth, await one.batches.draw(5))).toBe(true);
    expect(fifth.shape).toEqual([3, 16, 16, 16, 1]);
  });
});

function equal(a: PatchBatch, b: PatchBatch): boolean {
  const same = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).every((value, i) => value === y[i]);
  return a.caseIds.join() === b.caseIds.join() && same(a.images, b.images) && same(a.labels, b.labels);
}
