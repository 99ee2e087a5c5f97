import { describe, expect, it } from 'vitest';
import { AUGMENTATION_PRESETS } from '../augment/presets.js';
import { parseRecipe } from '../recipe/recipe.js';
import { DATASET_RECIPES, datasetRecipe } from './dataset-recipes.js';
import { labelTable, needsRemapping } from './label-table.js';
import { recipeRegions } from './recipe-regions.js';
import { recipeSplits } from './recipe-splits.js';
import { isNamed } from './same-name.js';
import { selectsCase } from './selects-case.js';

const entries = Object.entries(DATASET_RECIPES);

function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${1001 + index}`);
}

describe('dataset recipes', () => {
  it.each(entries)('%s is whole and plain data', (_, recipe) => {
    expect(JSON.parse(JSON.stringify(recipe))).toEqual(recipe);
    expect(parseRecipe(recipe.preprocessing)).toEqual(recipe.preprocessing);
    expect(recipe.labels.map(({ id }) => id)).toEqual(recipe.labels.map((_label, index) => index));
    expect(recipe.labels[0]).toMatchObject({ name: 'background', values: [0] });
    expect(AUGMENTATION_PRESETS[recipe.augmentation].length).toBeGreaterThan(0);
    for (const id of recipe.labelPairs.flat()) expect(recipe.labels[id]?.name).toMatch(/^(left|right) /);
  });

  // Section 8 of the method's description: N classes and channels of each dataset.
  it.each([
    ['amos22-ct', 15, 1],
    ['mm-whs-ct', 7, 1],
    ['mm-whs-mr', 7, 1],
    ['msd-brain', 3, 4],
    ['msd-hippocampus', 2, 1],
  ])('%s has %i classes and %i channel(s)', (name, classes, channels) => {
    const recipe = datasetRecipe(name);
    expect([recipe.labels.length - 1, recipe.channels.length]).toEqual([classes, channels]);
  });

  it('refuse a name that is none', () => {
    expect(() => datasetRecipe('toString')).toThrow(expect.objectContaining({ code: 'unknown-recipe' }));
  });

  it('orient first, then take 1.5 x 1.5 x 2 mm, and window CT or standardise MR', () => {
    const { preprocessing } = datasetRecipe('mm-whs-mr');
    expect(preprocessing).toMatchObject({
      order: 'orient-first',
      orientation: 'RAS',
      spacing: [1.5, 1.5, 2],
      intensity: { kind: 'zscore', nonZero: true },
      crop: { threshold: 0 },
      pad: [96, 96, 96],
    });
    expect(datasetRecipe('mm-whs-ct').preprocessing.intensity).toEqual({ kind: 'window', low: 0, high: 400 });
    expect(datasetRecipe('amos22-ct').preprocessing.intensity).toEqual({
      kind: 'window',
      low: -175,
      high: 250,
    });
    expect(datasetRecipe('msd-brain').preprocessing).toMatchObject({ spacing: [1, 1, 1], crop: null });
  });
});

describe('label tables', () => {
  it('take MM-WHS values to the order of the texts, 421 with 420', () => {
    const table = { 0: 0, 500: 1, 600: 2, 420: 3, 421: 3, 550: 4, 205: 5, 820: 6, 850: 7 };
    expect(labelTable(datasetRecipe('mm-whs-mr'))).toEqual(table);
  });

  it('are needed by MM-WHS alone', () => {
    const needed = entries.filter(([, recipe]) => needsRemapping(recipe)).map(([name]) => name);
    expect(needed).toEqual(['mm-whs-ct', 'mm-whs-mr']);
  });
});

describe('recipeRegions', () => {
  const brain = datasetRecipe('msd-brain');
  const named = (names: readonly string[]) => names.map((name, id) => ({ id, name }));

  it('are TC {2, 3}, WT {1, 2, 3} and ET {3} by the published manifest', () => {
    const labels = named(['background', 'edema', 'non-enhancing tumor', 'enhancing tumour']);
    expect(recipeRegions(brain, labels).map(({ labels: region }) => region)).toEqual([
      [2, 3],
      [1, 2, 3],
      [3],
    ]);
  });

  it('follow the names where the ids are others', () => {
    const labels = named(['background', 'Enhancing Tumor', 'Edema', 'Non-Enhancing Tumor']);
    expect(recipeRegions(brain, labels).map(({ labels: region }) => region)).toEqual([
      [3, 1],
      [2, 3, 1],
      [1],
    ]);
  });

  it('refuse a manifest without the class', () => {
    const labels = named(['background', 'edema', 'necrosis', 'enhancing tumour']);
    expect(() => recipeRegions(brain, labels)).toThrow(expect.objectContaining({ code: 'region-label' }));
  });
});

describe('recipeSplits', () => {
  it('AMOS22: three folds over 200, the 100 of the list held out', () => {
    const [train, listed] = [ids('amos_', 200), ids('val_', 100)];
    const splits = recipeSplits(datasetRecipe('amos22-ct').split, [...train, ...listed], listed);
    expect(splits.heldOut).toEqual(listed);
    expect(splits.train).toEqual(train);
    expect(splits.folds.map(({ validation }) => validation.length)).toEqual([67, 67, 66]);
  });

  it('brain: 96 of 484 held out, three folds over 388', () => {
    const { heldOut, train, folds } = recipeSplits(datasetRecipe('msd-brain').split, ids('BRATS_', 484));
    expect([heldOut.length, train.length]).toEqual([96, 388]);
    expect(folds.map(({ validation }) => validation.length)).toEqual([130, 129, 129]);
  });

  it('MM-WHS: each case tests once, 7/7/6, and two others validate', () => {
    const all = ids('ct_train_', 20);
    const { folds, heldOut, train } = recipeSplits(datasetRecipe('mm-whs-ct').split, all);
    expect([heldOut, train]).toEqual([[], all]);
    expect(folds.map(({ test }) => test?.length)).toEqual([7, 7, 6]);
    expect(folds.map(({ validation }) => validation.length)).toEqual([2, 2, 2]);
    expect(folds.flatMap(({ test = [] }) => test).sort()).toEqual(all);
    for (const { train: trained, validation, test = [] } of folds)
      expect([...trained, ...validation, ...test].sort()).toEqual(all);
  });

  it.each(entries)('%s: depends on the ids, not on their order', (_, { split }) => {
    const all = ids('case_', 20);
    expect(recipeSplits(split, [...all].reverse())).toEqual(recipeSplits(split, all));
  });

  it('refuses fewer cases than folds', () => {
    const { split } = datasetRecipe('msd-hippocampus');
    expect(() => recipeSplits(split, ['a', 'b'])).toThrow(expect.objectContaining({ code: 'bad-split' }));
  });
});

describe('names', () => {
  it.each([
    ['amos_0499', true],
    ['amos_0500', false],
    ['amos_0042_0000', true],
    ['amos', false],
  ])('%s is CT of AMOS22: %s', (id, expected) => expect(selectsCase('amos22-ct', id)).toBe(expected));

  it('are compared by letters and digits', () => {
    const entry = { name: 'Inferior vena cava', aliases: ['postcava'] };
    expect(['inferior_vena_cava', 'PostCava', 'cava'].map((name) => isNamed(entry, name))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
