import { DATASET_RECIPES, type DatasetRecipe } from '@bipvl/preprocess';
import { describe, expect, it } from 'vitest';
import { duplicateMask } from './duplicates.js';
import { lintConceptSet } from './lint/lint.js';
import { reviewState } from './review-state.js';
import { loadConceptSet, shippedConceptSets } from './shipped.js';

/** What the recipe of a data set calls its classes: its regions where it has some, else its labels; all spellings. */
function namesOf({ labels, regions }: DatasetRecipe): { label: number; names: string[] }[] {
  if (regions.length > 0) return regions.map(({ name }, index) => ({ label: index + 1, names: [name] }));
  return labels
    .filter(({ id }) => id !== 0)
    .map(({ id, name, aliases }) => ({ label: id, names: [name, ...aliases] }));
}

describe.each(Object.entries(DATASET_RECIPES))('the set of the recipe %s', (name, recipe) => {
  const set = loadConceptSet(name);

  it('has its modality and its classes, by label and name', () => {
    expect(set.modality).toBe(recipe.modality);
    const wanted = namesOf(recipe);
    expect(set.classes.map(({ label }) => label)).toEqual(wanted.map(({ label }) => label));
    for (const [row, { names }] of wanted.entries()) expect(names).toContain(set.classes[row]?.name);
  });
});

describe.each(shippedConceptSets)('%s', (name) => {
  const set = loadConceptSet(name);

  it('is clean by the lint and shares no text between classes', () => {
    expect(lintConceptSet(set)).toEqual([]);
    expect(duplicateMask(set).flat(2)).not.toContain(true);
  });

  it('says that no person has reviewed it', async () => {
    expect(await reviewState(set)).toBe('unreviewed');
    expect(set.provenance).toMatchObject({
      model: null,
      note: expect.stringContaining('not reviewed by a radiologist'),
    });
  });

  it('has 3 to 5 ambiguous strings a class that do not name it', () => {
    for (const { name: organ, ambiguous = [] } of set.classes) {
      expect(ambiguous.length).toBeGreaterThanOrEqual(3);
      expect(ambiguous.length).toBeLessThanOrEqual(5);
      expect(ambiguous.join(' ').toLowerCase()).not.toContain(organ);
    }
  });

  it('says of each class with a side that side in its location', () => {
    for (const { name: organ, concepts } of set.classes) {
      const side = /\b(left|right)\b/.exec(organ)?.[1];
      if (side !== undefined) expect(concepts.location).toMatch(new RegExp(`\\b${side}\\b`, 'i'));
    }
  });
});

it('the sets of one data set in two modalities share no text', () => {
  const [ct, mr] = ['mm-whs-ct', 'mm-whs-mr'].map((name) =>
    loadConceptSet(name).classes.flatMap(({ concepts }) => Object.values(concepts)),
  );
  expect(ct?.filter((text) => mr?.includes(text))).toEqual([]);
});

describe('defects of published sets that ours must not have', () => {
  it('the left ventricle is not darker than its wall in contrast-enhanced CT', () => {
    expect(loadConceptSet('mm-whs-ct').classes[0]?.concepts.appearance).toMatch(
      /brighter than the myocardium/,
    );
  });

  it('the regions of the brain tumour spell out what they are made of', () => {
    const titles = loadConceptSet('msd-brain').classes.map(({ concepts }) => concepts.title);
    for (const title of titles) expect(title).not.toMatch(/\b(?:TC|WT|ET)\b/);
    expect(titles[0]).toMatch(/enhancing.*necrotic and non-enhancing/);
    expect(titles[1]).toMatch(/oedema/);
  });
});
