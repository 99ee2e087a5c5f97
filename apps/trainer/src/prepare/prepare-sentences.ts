import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ConceptSet } from '@bipvl/concepts';
import { cacheFolder } from '@bipvl/engine';
import { rowTokenizer, type SegmenterConfig, textsOf, tokeniseConcepts } from '@bipvl/segmenter';
import type { SentenceEncoder } from '@bipvl/text-encoder';
import { type HubOptions, loadOnnxSentences, rememberedSentences } from '@bipvl/text-encoder/node';
import type { ReadTexts } from './prepared-texts.js';

/** The sentence encoder of that name, which keeps its vectors in the user's cache. */
export async function openSentences(
  source: string,
  fetching: Pick<HubOptions, 'onProgress' | 'signal'> = {},
): Promise<SentenceEncoder> {
  return rememberedSentences(await loadOnnxSentences(source, fetching), join(cacheFolder(), 'sentences'));
}

/** Reads the concepts as the vectors that a sentence encoder gives them. */
export async function prepareSentences(
  conceptSet: ConceptSet,
  source: string,
  { labels, text }: Extract<SegmenterConfig, { method: 'bipvl-seg' }>,
): Promise<ReadTexts> {
  const encoder = await openSentences(source);
  const texts = textsOf(conceptSet, labels);
  const vectors = await encoder.encode(texts);
  const data = Float32Array.from(vectors.flatMap((vector) => [...vector]));
  const table = { dtype: 'F32', shape: [texts.length, encoder.width], data } as const;
  return {
    definition: null,
    tokenizerId: createHash('sha256').update(encoder.id).digest('hex'),
    vocabulary: texts.length,
    inputs: tokeniseConcepts(conceptSet, labels, rowTokenizer(texts), text),
    encoderId: null,
    readWeights: async () => new Map([['vectors.weight', table]]),
  };
}
