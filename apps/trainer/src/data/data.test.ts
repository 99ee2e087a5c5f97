import { rm } from 'node:fs/promises';
import { RandomStream } from '@bipvl/nn';
import type { Dataset } from '@bipvl/preprocess';
import { readDataset } from '@bipvl/preprocess/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, tinyConfig, tinyPhantom } from '../tiny-run.test-support.js';
import { BatchSource, type PatchBatch } from './batches.js';
import { CaseStore, type OpenOptions } from './case-store.js';
import { checkCases } from './check-cases.js';
import { chooseCases, type RunCases, spreadEvenly } from './run-cases.js';

let dataset: Dataset;
let cases: RunCases;
let options: OpenOptions;

beforeAll(async () => {
  const data = await tinyPhantom(await temporaryFolder());
  dataset = await readDataset(data);
  cases = chooseCases(dataset, 0);
  // Whatever opens a held-out case from here on fails.
  for (const { id, images, label } of dataset.cases) {
    if (cases.heldOut.includes(id)) for (const file of [...images, label ?? '']) await rm(file);
  }
  const labelIds = dataset.labels.map(({ id }) => id).filter((id) => id > 0);
  const allowed = [...cases.train, ...cases.validation];
  options = { allowed, recipe: tinyConfig(data).recipe, labelIds, backgroundAbove: 0, budgetMiB: 100 };
});

function sourceOf(store: CaseStore, seed: number): BatchSource {
  const { sampling, augmentation } = tinyConfig(dataset.folder, ['sampling.batch=3']);
  const random = new RandomStream(seed);
  return new BatchSource(store, {
    cases: cases.train,
    patch: [16, 16, 16],
    sampling,
    augmentation,
    fill: 0,
    random,
  });
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

describe('the case store', () => {
  it('refuses every case but those of the fold', async () => {
    const store = await CaseStore.open(dataset, options);
    for (const id of options.allowed) expect(store.get(id).id).toBe(id);
    for (const id of [...cases.heldOut, 'no such case']) {
      expect(() => store.get(id)).toThrow(
        expect.objectContaining({ code: 'case-not-allowed', kind: 'internal' }),
      );
    }
  });

  it('numbers the labels as output channels and makes background of the others', async () => {
    const whole = await CaseStore.open(dataset, options);
    const part = await CaseStore.open(dataset, { ...options, labelIds: [3, 1] });
    const [id = ''] = cases.train;
    const [before, after] = [whole.get(id).label.data, part.get(id).label.data];
    const expected = new Map([
      [3, 1],
      [1, 2],
    ]);
    expect(new Set(after)).toEqual(new Set([0, 1, 2]));
    expect(after.every((value, i) => value === (expected.get(before[i] ?? 0) ?? 0))).toBe(true);
  });

  it('says how much memory the cases need when they exceed the budget', async () => {
    const refused = CaseStore.open(dataset, { ...options, budgetMiB: 0.05 });
    await expect(refused).rejects.toMatchObject({
      code: 'cases-too-large',
      kind: 'resource',
      hint: expect.stringContaining('memory.casesMiB='),
    });
  });

  it('has a hash that follows from what the network can see', async () => {
    const store = await CaseStore.open(dataset, options);
    expect((await CaseStore.open(dataset, options)).hash()).toBe(store.hash());
    expect((await CaseStore.open(dataset, { ...options, labelIds: [1] })).hash()).not.toBe(store.hash());
  });
});

describe('the check before a run', () => {
  it('looks at the cases of the fold, and reports a missing held-out file all the same', async () => {
    await expect(checkCases(dataset, { cases: options.allowed })).rejects.toMatchObject({
      code: 'dataset-faults',
      kind: 'data',
      message: expect.stringMatching(/is missing \(and 3 more: bipvl-trainer check/),
    });
  });
});

describe('the batches', () => {
  it('never hold a case that is held out or validates, in whatever step', async () => {
    const source = sourceOf(await CaseStore.open(dataset, options), 7);
    const seen = new Set(Array.from({ length: 60 }, (_, step) => source.draw(step).caseIds).flat());
    expect([...seen].sort()).toEqual(cases.train);
  });

  it('go through all cases in each epoch', async () => {
    const source = sourceOf(await CaseStore.open(dataset, options), 7);
    expect(source.stepsPerEpoch).toBe(1);
    for (const step of [0, 1, 2, 3]) expect([...source.draw(step).caseIds].sort()).toEqual(cases.train);
    const orders = new Set([0, 1, 2, 3, 4, 5].map((step) => source.draw(step).caseIds.join()));
    expect(orders.size).toBeGreaterThan(1);
  });

  it('are a function of seed and step, not of what was drawn before', async () => {
    const store = await CaseStore.open(dataset, options);
    const [one, other, third] = [sourceOf(store, 7), sourceOf(store, 7), sourceOf(store, 8)];
    for (let step = 0; step < 5; step++) one.draw(step);
    expect(equal(one.draw(5), other.draw(5))).toBe(true);
    expect(equal(one.draw(5), third.draw(5))).toBe(false);
    expect(equal(one.draw(5), one.draw(6))).toBe(false);
    expect(one.draw(5).shape).toEqual([3, 16, 16, 16, 1]);
  });
});

function equal(a: PatchBatch, b: PatchBatch): boolean {
  const same = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).every((value, i) => value === y[i]);
  return a.caseIds.join() === b.caseIds.join() && same(a.images, b.images) && same(a.labels, b.labels);
}
