import { describe, expect, it } from 'vitest';
import { duplicateMask } from './duplicates.js';
import { ConceptError } from './errors.js';
import { conceptSetHash } from './hash.js';
import type { ConceptSet } from './schema.js';
import { loadConceptSet } from './shipped.js';
import { conceptStrings, encoderTexts, sentenceStrings } from './text-formats.js';
import { blankConceptSet, foreignConceptSet, swapConceptSet } from './variants.js';

const texts = (name: string) => ({
  title: `${name} in a CT Image`,
  shape: `${name} shape.`,
  location: `${name} location.`,
  appearance: `${name} appearance.`,
  contour: `${name} contour.`,
  texture: `${name} texture.`,
});

const set: ConceptSet = {
  version: 1,
  name: 'three',
  dataset: 'three classes',
  modality: 'CT',
  provenance: { author: 'test', model: null, date: '2026-01-31', note: '' },
  classes: ['A', 'B', 'C'].map((name, index) => ({ label: index + 1, name, concepts: texts(name) })),
};

describe('text formats', () => {
  it('prefixes every concept but the title with its column name', () => {
    expect(conceptStrings(set)[1]).toEqual([
      'B in a CT Image',
      'Shape: B shape.',
      'Location: B location.',
      'Appearance/Density: B appearance.',
      'Contour/Symmetry: B contour.',
      'Internal Texture: B texture.',
    ]);
  });

  it('joins a sentence under the short slot names', () => {
    expect(sentenceStrings(set)[0]).toBe(
      'A in a CT Image. Shape: A shape. Location: A location. Appearance: A appearance. Contour: A contour. Texture: A texture.',
    );
  });
});

describe('duplicateMask', () => {
  it('marks equal texts of different classes, both ways, and never the diagonal', () => {
    const copy = structuredClone(set);
    const [first, , third] = copy.classes;
    if (first && third) third.concepts.contour = first.concepts.contour;
    const mask = duplicateMask(copy);
    const marked = mask.flatMap((slot, k) =>
      slot.flatMap((row, i) => row.flatMap((is, j) => (is ? [[k, i, j]] : []))),
    );
    expect(marked).toEqual([
      [4, 0, 2],
      [4, 2, 0],
    ]);
    expect(mask.map((slot) => slot.map((row) => row.length))).toEqual(Array(6).fill([3, 3, 3]));
  });
});

describe('variants for the question what the text does', () => {
  it('blanks every string and keeps the shape', () => {
    expect(blankConceptSet(set)).toEqual({
      concepts: Array(3).fill(['', '', '', '', '', '']),
      sentences: ['', '', ''],
    });
  });

  it('swaps texts and leaves labels and names', () => {
    const swapped = swapConceptSet(set, [1, 2, 0]);
    expect(swapped.classes.map((each) => [each.label, each.name, each.concepts.shape])).toEqual([
      [1, 'A', 'B shape.'],
      [2, 'B', 'C shape.'],
      [3, 'C', 'A shape.'],
    ]);
    expect(set.classes[0]?.concepts.shape).toBe('A shape.');
  });

  it.each([[[0, 1]], [[0, 0, 1]], [[0, 1, 3]], [[0, 1, 2, 3]]])('refuses the order %j', (order) => {
    expect(() => swapConceptSet(set, order)).toThrow(ConceptError);
  });

  it('puts the texts of another set in place, or says that there are too few', () => {
    const hippocampus = loadConceptSet('msd-hippocampus');
    const foreign = foreignConceptSet(hippocampus, set);
    expect(encoderTexts(foreign).concepts).toEqual(conceptStrings(set).slice(0, 2));
    expect(foreign.classes.map((each) => each.name)).toEqual(hippocampus.classes.map((each) => each.name));
    expect(() => foreignConceptSet(set, hippocampus)).toThrow(/fewer than the 3 of "three"/);
  });
});

describe('conceptSetHash', () => {
  it('does not depend on the order of keys and does on every text', async () => {
    const hash = await conceptSetHash(set);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const reordered = Object.fromEntries(Object.entries(set).reverse()) as unknown as ConceptSet;
    expect(await conceptSetHash(reordered)).toBe(hash);
    expect(await conceptSetHash(swapConceptSet(set, [0, 2, 1]))).not.toBe(hash);
  });
});
