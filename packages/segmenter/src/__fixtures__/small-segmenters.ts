import { type ConceptSet, encoderTexts, loadConceptSet } from '@bipvl/concepts';
import { buildVocabulary, createTokenizer, type TokenizerDefinition } from '@bipvl/text-encoder';
import type { BundleParts } from '../bundle/bundle.js';
import type { SegmenterConfig } from '../config.js';
import { parseSegmenterConfig } from '../config-schema.js';
import { createSegmenter } from '../create-segmenter.js';
import type { Segmenter } from '../segmenter.js';
import { tokeniseConcepts } from '../text/text-inputs.js';

const labels = [
  { id: 2, name: 'posterior hippocampus' },
  { id: 1, name: 'anterior hippocampus' },
];
const image = { patch: [16, 16, 16] };
const backbone = { name: 'unet', channels: [4, 8, 8], strides: [2, 2], residualUnits: 1 };

/** BiPVL-Seg as small as it gets: two fusion sites, a text encoder of one layer a stage. */
export function smallConfig(): SegmenterConfig {
  return parseSegmenterConfig({
    method: 'bipvl-seg',
    image,
    labels,
    backbone,
    text: { width: 8, layers: 2, heads: 2, intermediate: 16, stages: [1, 1] },
    fusion: { heads: 2, hidden: 16, window: 2 },
    alignment: { width: 8 },
  });
}

/** A UNet alone with the same channels. */
export function smallVisionOnlyConfig(): SegmenterConfig {
  return parseSegmenterConfig({ method: 'vision-only', image, labels, backbone });
}

/** A segmenter with the weights of a seed, and the texts it reads. */
export interface SmallSegmenter {
  readonly segmenter: Segmenter;
  readonly conceptSet: ConceptSet;
  readonly tokenizer: TokenizerDefinition;
}

/** A segmenter of `smallConfig` with random weights. */
export async function smallSegmenter(seed: number): Promise<SmallSegmenter> {
  const config = smallConfig();
  if (config.method !== 'bipvl-seg') throw new TypeError('the small configuration is of method bipvl-seg');
  const conceptSet = loadConceptSet('msd-hippocampus');
  const { concepts, sentences } = encoderTexts(conceptSet);
  const tokenizer = await buildVocabulary([...concepts.flat(), ...sentences]);
  const encoder = await createTokenizer(tokenizer);
  const texts = tokeniseConcepts(conceptSet, config.labels, encoder, config.text);
  return { segmenter: createSegmenter(config, { seed, texts, vocabulary: encoder.vocabularySize }), conceptSet, tokenizer };
}

/** What a trainer would save with such a segmenter. */
export function bundleParts(small: SmallSegmenter): BundleParts {
  return {
    ...small,
    recipe: {
      order: 'orient-first',
      orientation: 'RAS',
      spacing: null,
      intensity: { kind: 'zscore', nonZero: false, perChannel: true },
      crop: null,
      pad: null,
      padValue: 0,
      labels: null,
      regions: null,
    },
    modality: ['MRI'],
    training: {
      dataset: 'none',
      licence: 'CC0-1.0',
      reference: 'random weights',
      cases: { train: 0, validation: 0, heldOut: 0 },
      seed: 1,
      steps: 0,
      validationDsc: { 'anterior hippocampus': 0.5, 'posterior hippocampus': null },
    },
    product: { name: '@bipvl/segmenter', version: '0.1.0' },
  };
}
