import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '@bipvl/engine';
import { type CaseFiles, type Dataset, orient, parseRecipe } from '@bipvl/preprocess';
import { readDataset, readLabel, writeMask, writePhantom } from '@bipvl/preprocess/node';
import type { Predictor } from '@bipvl/segmenter';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallRecipe, smallUNet, smallUNetConfig } from '../__fixtures__/small-bundle.js';
import { type CasesProgress, evaluateCases, type NamedPredictor } from './evaluate-cases.js';

let folder: string;
let dataset: Dataset;

beforeAll(async () => {
  await loadEngine();
  folder = await mkdtemp(join(tmpdir(), 'bipvl-cases-'));
  await writePhantom(folder, { cases: 4, shape: [24, 24, 18], spacing: [13, 13, 13] });
  dataset = await readDataset(folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const config = smallUNetConfig();

/** Says background everywhere, as a network that learnt nothing. */
const blind: Predictor = {
  predict: (image) => tf.concat([tf.onesLike(image), tf.zeros([1, 16, 16, 16, 5])], 4) as tf.Tensor5D,
  dispose: () => {},
};

function random(key: string, seed: number): NamedPredictor {
  return { key, predictor: smallUNet(seed).openPredictor(), recipe: smallRecipe, config };
}

describe('evaluateCases', () => {
  test('scores every case by every predictor, and shows worst, median and best of the first', async () => {
    const seen: CasesProgress[] = [];
    const predictors = [random('trained', 1), random('other', 2)] as const;
    const { results, overlays } = await evaluateCases({
      cases: dataset.cases,
      predictors,
      overlap: 0,
      onProgress: (progress) => seen.push(progress),
    });
    expect([...results.keys()]).toEqual(['trained', 'other']);
    for (const cases of results.values()) {
      expect(cases.map(({ caseId }) => caseId)).toEqual(dataset.cases.map(({ id }) => id));
      for (const { labels } of cases)
        expect(labels.map(({ name }) => name)).toEqual(config.labels.map(({ name }) => name));
    }
    expect(results.get('trained')).not.toEqual(results.get('other'));
    expect(seen.length).toBe(8);
    expect(seen.at(-1)).toEqual({ caseId: 'phantom_004', key: 'other', done: 8, total: 8 });
    expect(overlays.map(({ role }) => role)).toEqual(['worst', 'median', 'best']);
    const [worst, median, best] = overlays.map(({ dsc }) => dsc ?? Number.NaN);
    expect(worst).toBeLessThanOrEqual(median as number);
    expect(median).toBeLessThanOrEqual(best as number);
    for (const { planes } of overlays) {
      expect(planes.map(({ plane }) => plane)).toEqual(['axial', 'coronal', 'sagittal']);
      expect(planes[0]?.window).toEqual([-150, 250]);
    }
  });

  test('a network that finds nothing misses every class', async () => {
    const named = { key: 'blind', predictor: blind, recipe: parseRecipe({}), config };
    const { results } = await evaluateCases({ cases: dataset.cases.slice(0, 1), predictors: [named] });
    for (const label of results.get('blind')?.[0]?.labels ?? []) {
      expect(label).toMatchObject({ presence: 'missed', dsc: 0, hd95Mm: null, predictionVolumeMl: 0 });
      expect(label.referenceVolumeMl).toBeGreaterThan(1);
    }
  });

  test('leaves no tensor behind', async () => {
    const named = { key: 'blind', predictor: blind, recipe: parseRecipe({}), config };
    const before = tf.memory().numTensors;
    await evaluateCases({ cases: dataset.cases.slice(0, 1), predictors: [named] });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a label of another grid is refused with both files', async () => {
    const [first] = dataset.cases as [CaseFiles];
    const path = join(folder, 'turned.nii.gz');
    await writeMask(path, orient(await readLabel(first.label ?? ''), 'SPL'));
    const named = { key: 'blind', predictor: blind, recipe: parseRecipe({}), config };
    const attempt = evaluateCases({ cases: [{ ...first, label: path }], predictors: [named] });
    await expect(attempt).rejects.toMatchObject({ code: 'grid-mismatch', kind: 'data' });
    await expect(attempt).rejects.toThrow(path);
    await expect(attempt).rejects.toThrow(first.images[0]);
  });

  test('no case, no label, one key twice and different labels are refused', async () => {
    const named = { key: 'blind', predictor: blind, recipe: parseRecipe({}), config };
    const [first] = dataset.cases as [CaseFiles];
    const other = { ...named, key: 'b', config: { ...config, labels: [{ id: 1, name: 'lung' }] } };
    const cases = [first];
    await expect(evaluateCases({ cases: [], predictors: [named] })).rejects.toMatchObject({
      code: 'no-cases',
    });
    const unlabelled = { id: first.id, images: first.images };
    await expect(evaluateCases({ cases: [unlabelled], predictors: [named] })).rejects.toMatchObject({
      code: 'no-label',
    });
    await expect(evaluateCases({ cases, predictors: [named, named] })).rejects.toMatchObject({
      code: 'duplicate-key',
    });
    await expect(evaluateCases({ cases, predictors: [named, other] })).rejects.toThrow(/'b' segments 1 lung/);
  });
});
