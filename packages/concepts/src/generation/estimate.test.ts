import { describe, expect, it } from 'vitest';
import { dollarsFor, estimateCost, replyTokens } from './estimate.js';
import { priceOf, prices } from './prices.js';

const messages = [{ role: 'user', content: '\u00e9\u00e9' }] as const;

describe('estimateCost', () => {
  it('counts every byte as a token, the whole reply, and every attempt', () => {
    const estimate = estimateCost({ model: 'gpt-4o', messages, schema: {}, outputTokens: 1000, attempts: 3 });
    // 4 bytes of text and 2 of schema, each with 64 for its frame; 2.50 and 10 dollars a million
    expect(estimate).toMatchObject({
      inputTokens: 134,
      outputTokens: 1000,
      attempts: 3,
      priceNoted: prices.noted,
    });
    expect(estimate.dollars).toBeCloseTo(3 * (134 * 2.5e-6 + 1000 * 10e-6), 12);
  });

  it('says that a price is not known rather than guess', () => {
    const estimate = estimateCost({ model: 'llama-3', messages, schema: {}, outputTokens: 1, attempts: 1 });
    expect(estimate).toMatchObject({ dollars: null, priceNoted: null });
  });
});

describe('prices', () => {
  it.each([
    ['gpt-4o', 2.5],
    ['gpt-4o-2024-08-06', 2.5],
    ['gpt-4o-2024-05-13', 5],
    ['gpt-4o-mini-2024-07-18', 0.15],
    ['gpt-4o-2024', undefined],
    ['gpt-5', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%s costs %s dollars per million tokens in', (model, input) => {
    expect(priceOf(model)?.input).toBe(input);
  });

  it('dollarsFor charges in and out', () => {
    expect(dollarsFor('gpt-4o-mini', { input: 1_000_000, output: 500_000 })).toBeCloseTo(0.45, 12);
    expect(dollarsFor('other', { input: 1, output: 1 })).toBeNull();
  });
});

it('a reply may hold every text at the cap of the lint', () => {
  expect(replyTokens(15)).toBeGreaterThan(15 * 6 * 64);
});
