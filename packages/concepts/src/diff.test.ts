import { describe, expect, it } from 'vitest';
import { diffConceptSets, isSame } from './diff.js';
import type { ConceptSet } from './schema.js';
import { loadConceptSet } from './shipped.js';

function changed(change: (set: ConceptSet) => void): ConceptSet {
  const set = loadConceptSet('phantom');
  change(set);
  return set;
}

describe('diffConceptSets', () => {
  const before = loadConceptSet('phantom');

  it('finds nothing between equal sets, in whatever order their classes stand', () => {
    const reversed = changed((set) => set.classes.reverse());
    const difference = diffConceptSets(before, reversed);
    expect(difference).toEqual({ added: [], removed: [], renamed: [], texts: [] });
    expect(isSame(difference)).toBe(true);
  });

  it('names classes that came, went and were renamed, and every text that changed', () => {
    const after = changed((set) => {
      const [liver, spleen] = set.classes;
      if (!liver || !spleen) throw new Error('the phantom has a liver and a spleen');
      liver.name = 'hepar';
      liver.concepts.contour = 'Other.';
      liver.concepts.shape = 'New.';
      spleen.label = 40;
    });
    const difference = diffConceptSets(before, after);
    expect(difference).toEqual({
      added: ['spleen'],
      removed: ['spleen'],
      renamed: [{ label: 1, before: 'liver', after: 'hepar' }],
      texts: [
        { class: 'hepar', slot: 'shape', before: before.classes[0]?.concepts.shape, after: 'New.' },
        { class: 'hepar', slot: 'contour', before: before.classes[0]?.concepts.contour, after: 'Other.' },
      ],
    });
    expect(isSame(difference)).toBe(false);
  });
});
