import { loadConceptSet, withReview } from '@bipvl/concepts';
import { expect, it } from 'vitest';
import { tinyConfig } from '../tiny-run.test-support.js';
import { type IdentityParts, identify } from './identity.js';

const phantom = loadConceptSet('phantom');

async function conceptsOf(conceptSet: IdentityParts['conceptSet']) {
  const config = tinyConfig('/data') as IdentityParts['config'];
  const splits = { folds: [], heldOut: [] } as unknown as IdentityParts['splits'];
  return (await identify({ config, splits, cases: 'x', conceptSet, tokenizerId: null })).concepts;
}

it('a concept set that is signed in between is the same one, with another text it is not', async () => {
  const before = await conceptsOf(phantom);
  const signed = await withReview(phantom, { reviewer: 'A', date: '2026-11-26', rejected: [] });
  expect(await conceptsOf(signed)).toBe(before);
  Object.assign(signed.classes[0]?.concepts ?? {}, { shape: 'Other.' });
  expect(await conceptsOf(signed)).not.toBe(before);
  expect(await conceptsOf(null)).toBeNull();
});
