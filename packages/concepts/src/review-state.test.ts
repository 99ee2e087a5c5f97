import { describe, expect, it } from 'vitest';
import { parseConceptSet } from './parse.js';
import { reviewHash, reviewState, withReview } from './review-state.js';
import { loadConceptSet } from './shipped.js';

const outcome = { reviewer: 'A. Radiologist', date: '2026-11-26', rejected: [] };

describe('reviewState', () => {
  it('is unreviewed until someone signs, and reviewed then', async () => {
    const set = loadConceptSet('phantom');
    expect(await reviewState(set)).toBe('unreviewed');
    const signed = await withReview(set, outcome);
    expect(await reviewState(signed)).toBe('reviewed');
    expect(set.review).toBeUndefined();
    expect(parseConceptSet(JSON.stringify(signed))).toEqual(signed);
  });

  it('is rejected where a text was', async () => {
    const rejected = [{ class: 'liver', slot: 'shape', reason: 'no' }] as const;
    const set = await withReview(loadConceptSet('phantom'), { ...outcome, rejected: [...rejected] });
    expect(await reviewState(set)).toBe('rejected');
  });

  it.each<[string, (set: ReturnType<typeof loadConceptSet>) => void]>([
    ['a text', (set) => Object.assign(set.classes[2]?.concepts ?? {}, { texture: 'Other.' })],
    ['a name', (set) => Object.assign(set.classes[0] ?? {}, { name: 'lever' })],
    ['a label', (set) => Object.assign(set.classes[0] ?? {}, { label: 9 })],
    ['the modality', (set) => Object.assign(set, { modality: 'MR' })],
    ['the order', (set) => set.classes.reverse()],
    ['a class', (set) => set.classes.pop()],
  ])('is changed where %s is', async (_what, change) => {
    const set = structuredClone(await withReview(loadConceptSet('phantom'), outcome));
    change(set);
    expect(await reviewState(set)).toBe('changed');
  });

  it('is not changed by what a reviewer did not read', async () => {
    const set = structuredClone(await withReview(loadConceptSet('phantom'), outcome));
    set.provenance.note = 'other';
    set.dataset = 'other';
    for (const each of set.classes) delete each.ambiguous;
    expect(await reviewState(set)).toBe('reviewed');
  });
});

it('reviewHash is the SHA-256 of the canonical JSON', async () => {
  // printf '%s' '{"classes":[],"modality":"CT"}' | sha256sum
  const empty = { ...loadConceptSet('phantom'), classes: [] };
  expect(await reviewHash(empty)).toBe('dd971a85ca38c9b2dfd918b85bf74acf6d7186b574ea17bd1f7f9739fd25f1e6');
});
