import { loadConceptSet, withReview } from '@bipvl/concepts';
import { describe, expect, it } from 'vitest';
import { conceptNotices } from './concept-notices.js';

const phantom = loadConceptSet('phantom');
const own = phantom.classes.map(({ label, name }) => ({ id: label, name }));
const outcome = { reviewer: 'A. Radiologist', date: '2026-11-26', rejected: [] };

describe('conceptNotices', () => {
  it('warns of a set that nobody has signed', async () => {
    expect(await conceptNotices(phantom, own)).toEqual([
      "concepts: 'phantom' is not reviewed by a person; bipvl-concepts review FILE --reviewer NAME signs it",
    ]);
  });

  it('says nothing of a signed one, until a text of it is changed', async () => {
    const signed = structuredClone(await withReview(phantom, outcome));
    expect(await conceptNotices(signed, own)).toEqual([]);
    Object.assign(signed.classes[0]?.concepts ?? {}, { shape: 'Other.' });
    expect(await conceptNotices(signed, own)).toEqual([
      expect.stringContaining("'phantom' is changed since it was reviewed"),
    ]);
  });

  it('takes names that share a word for the same class', async () => {
    const signed = await withReview(phantom, outcome);
    const spelt = [
      { id: 1, name: 'LIVER' },
      { id: 3, name: 'kidney_left' },
    ];
    expect(await conceptNotices(signed, spelt)).toEqual([]);
  });

  it('names the classes of the run that the set calls otherwise', async () => {
    const brain = await withReview(loadConceptSet('msd-brain'), outcome);
    const labels = [
      { id: 1, name: 'edema' },
      { id: 3, name: 'enhancing tumour' },
    ];
    expect(await conceptNotices(brain, labels)).toEqual([
      "concepts: see that they are those of this dataset: label 1 is 'edema' in the run and 'tumour core' in the set",
    ]);
  });
});
