import { describe, expect, it } from 'vitest';
import { duplicateMask } from './duplicates.js';
import { ConceptError } from './errors.js';
import { formatTexts, textFormats } from './formatted-texts.js';
import type { ConceptSet } from './schema.js';
import { loadConceptSet, shippedConceptSets } from './shipped.js';
import { encoderTexts } from './text-formats.js';

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
  classes: [
    { label: 1, name: 'A', concepts: texts('A'), ambiguous: ['Something.', 'Round.', 'Grey.'] },
    { label: 2, name: 'B', concepts: texts('B'), ambiguous: ['Something else.', 'Round.'] },
    { label: 3, name: 'C', concepts: texts('C'), ambiguous: ['Another thing.'] },
  ],
};

describe('formatTexts', () => {
  it('fixed: the six slots, as the encoder reads them', () => {
    const { concepts, sentences, mask, duplicates } = formatTexts(set, 'fixed');
    expect({ concepts, sentences }).toEqual(encoderTexts(set));
    expect(mask).toEqual(Array(3).fill(Array(6).fill(true)));
    expect(duplicates).toEqual(duplicateMask(set));
  });

  it('ambiguous: as many strings as a class has, padded and masked', () => {
    expect(formatTexts(set, 'ambiguous')).toEqual({
      format: 'ambiguous',
      concepts: [
        ['Something.', 'Round.', 'Grey.'],
        ['Something else.', 'Round.', ''],
        ['Another thing.', '', ''],
      ],
      sentences: ['Something. Round. Grey.', 'Something else. Round.', 'Another thing.'],
      mask: [
        [true, true, true],
        [true, true, false],
        [true, false, false],
      ],
      duplicates: [
        [
          [false, false, false],
          [false, false, false],
          [false, false, false],
        ],
        [
          [false, true, false],
          [true, false, false],
          [false, false, false],
        ],
        [
          [false, false, false],
          [false, false, true],
          [false, true, false],
        ],
      ],
    });
  });

  it('aggregated: one paragraph of all slots', () => {
    const paragraph =
      'A in a CT Image. Shape: A shape. Location: A location. Appearance: A appearance. Contour: A contour. Texture: A texture.';
    const { concepts, sentences, mask } = formatTexts(set, 'aggregated');
    expect(concepts.map((each) => each.length)).toEqual([1, 1, 1]);
    expect([concepts[0]?.[0], sentences[0]]).toEqual([paragraph, paragraph]);
    expect(mask).toEqual([[true], [true], [true]]);
  });

  it('name: the title alone', () => {
    const { concepts, sentences } = formatTexts(set, 'name');
    expect(concepts).toEqual([['A in a CT Image'], ['B in a CT Image'], ['C in a CT Image']]);
    expect(sentences).toEqual(['A in a CT Image', 'B in a CT Image', 'C in a CT Image']);
  });

  it('refuses ambiguous texts that are not there, by class', () => {
    const without = structuredClone(set);
    delete without.classes[1]?.ambiguous;
    const read = () => formatTexts(without, 'ambiguous');
    expect(read).toThrow(ConceptError);
    expect(read).toThrow(/"three" has no ambiguous texts for "B"/);
  });

  it.each(shippedConceptSets.flatMap((name) => textFormats.map((format) => [name, format] as const)))(
    '%s has texts in the format %s',
    (name, format) => {
      const shipped = loadConceptSet(name);
      const { concepts, sentences } = formatTexts(shipped, format);
      expect(concepts).toHaveLength(shipped.classes.length);
      expect(sentences.every((sentence) => sentence.length > 0)).toBe(true);
    },
  );
});
