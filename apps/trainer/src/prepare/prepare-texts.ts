import { type ConceptSet, encoderTexts, loadConceptSet, shippedConceptSets } from '@bipvl/concepts';
import { findConceptSet } from '@bipvl/concepts/node';
import { inOrder, type SegmenterConfig, tokeniseConcepts } from '@bipvl/segmenter';
import { buildVocabulary, createTokenizer, type TokenizerDefinition } from '@bipvl/text-encoder';
import { readPretrained, readWeights } from '@bipvl/text-encoder/node';
import type { ResolvedConfig } from '../config/run-config.js';
import { conceptNotices } from './concept-notices.js';
import { prepareSentences } from './prepare-sentences.js';
import type { PreparedTexts, ReadTexts } from './prepared-texts.js';

/**
 * Reads and tokenises the concepts, with the vocabulary of the published text encoder or else one made of their words; null for a method that
 * reads no text.
 */
export async function prepareTexts({ concepts, segmenter }: ResolvedConfig): Promise<PreparedTexts | null> {
  if (segmenter.method === 'vision-only' || concepts === null) return null;
  const conceptSet = await findConceptSet(concepts);
  const notices = await conceptNotices(conceptSet, segmenter.labels);
  return { conceptSet, notices, ...(await readTexts(conceptSet, segmenter)) };
}

type TextGuided = Extract<SegmenterConfig, { method: 'bipvl-seg' }>;

async function readTexts(conceptSet: ConceptSet, segmenter: TextGuided): Promise<ReadTexts> {
  const { pretrained: source, encoder } = segmenter.text;
  if (encoder === 'sentences' && source !== null) return prepareSentences(conceptSet, source, segmenter);
  const pretrained = source === null ? null : await readPretrained(source);
  const definition = pretrained?.definition ?? (await vocabularyFor(conceptSet, segmenter));
  const tokenizer = await createTokenizer(definition);
  const inputs = tokeniseConcepts(conceptSet, segmenter.labels, tokenizer, segmenter.text);
  const { id: tokenizerId, vocabularySize: vocabulary } = tokenizer;
  const weights = pretrained && (() => readWeights(pretrained));
  const encoderId = pretrained && `${pretrained.weightsHash} ${tokenizerId}`;
  return { definition, tokenizerId, vocabulary, inputs, encoderId, readWeights: weights };
}

/**
 * The words of the set, and of all shipped sets beside it, so that other texts can be read to see what the words do. A word that training
 * never shows keeps its initial vector.
 */
async function vocabularyFor(set: ConceptSet, { labels, text }: TextGuided): Promise<TokenizerDefinition> {
  const sets = [inOrder(set, labels), ...shippedConceptSets.map(loadConceptSet)];
  const texts = sets
    .map(encoderTexts)
    .flatMap(({ sentences, concepts }) => [...sentences, ...concepts.flat()]);
  return buildVocabulary(texts, { maxTokens: text.positions });
}
