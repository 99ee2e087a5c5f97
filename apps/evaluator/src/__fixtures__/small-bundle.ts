import { encoderTexts, loadConceptSet } from '@bipvl/concepts';
import { PHANTOM_LABELS, type Recipe } from '@bipvl/preprocess';
import { createSegmenter, parseSegmenterConfig, type Segmenter, type SegmenterConfig, tokeniseConcepts } from '@bipvl/segmenter';
import { writeBundle } from '@bipvl/segmenter/node';
import { buildVocabulary, createTokenizer } from '@bipvl/text-encoder';

const labels = PHANTOM_LABELS.filter(({ id }) => id !== 0);
const backbone = { name: 'unet', channels: [4, 8, 8], strides: [2, 2], residualUnits: 0 };
const image = { patch: [16, 16, 16] };

/** How the small segmenters see a scan. */
export const smallRecipe: Recipe = {
  order: 'orient-first',
  orientation: 'RAS',
  spacing: [6, 6, 6],
  intensity: { kind: 'window', low: -150, high: 250 },
  crop: null,
  pad: null,
  padValue: 0,
  labels: null,
  regions: null,
};

/** A UNet alone, for the labels of the phantom. */
export function smallUNetConfig(): SegmenterConfig {
  return parseSegmenterConfig({ method: 'vision-only', image, labels, backbone });
}

/** A UNet with the random weights of a seed, of `smallUNetConfig`. */
export function smallUNet(seed: number): Segmenter {
  return createSegmenter(smallUNetConfig(), { seed });
}

/** Writes a bundle of BiPVL-Seg with the random weights of a seed. */
export async function writeSmallBundle(folder: string, seed: number): Promise<void> {
  const config = parseSegmenterConfig({
    method: 'bipvl-seg',
    image,
    labels,
    backbone,
    text: { width: 8, layers: 2, heads: 2, intermediate: 16, stages: [1, 1] },
    fusion: { heads: 2, hidden: 16, window: 2 },
    alignment: { width: 8 },
  });
  if (config.method !== 'bipvl-seg') throw new TypeError('the small configuration is of method bipvl-seg');
  const conceptSet = loadConceptSet('phantom');
  const { concepts, sentences } = encoderTexts(conceptSet);
  const tokenizer = await buildVocabulary([...concepts.flat(), ...sentences]);
  const encoder = await createTokenizer(tokenizer);
  const texts = tokeniseConcepts(conceptSet, config.labels, encoder, config.text);
  const segmenter = createSegmenter(config, { seed, texts, vocabulary: encoder.vocabularySize });
  await writeBundle(folder, { segmenter, recipe: smallRecipe, modality: ['CT'], conceptSet, tokenizer, training, product });
  segmenter.network.dispose();
}

const product = { name: '@bipvl/evaluator', version: '0.1.0' };
const training = {
  dataset: 'BiPVL phantom',
  licence: 'CC0-1.0',
  reference: 'random weights',
  cases: { train: 0, validation: 0, heldOut: 0 },
  seed: 1,
  steps: 0,
  validationDsc: {},
};
