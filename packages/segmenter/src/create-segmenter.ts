import { assignCheckpoint, NetworkError, RandomStream, type StoredTensor } from '@bipvl/nn';
import { huggingFaceBert } from '@bipvl/text-encoder';
import type { SegmenterConfig } from './config.js';
import { BiPVLSeg } from './methods/bipvl-seg.js';
import { VisionOnly } from './methods/vision-only.js';
import type { Segmenter } from './segmenter.js';
import type { TextInputs } from './text/text-inputs.js';

/** What a segmenter is built with beside its configuration. */
export interface SegmenterResources {
  /** Seed of the initial weights. */
  readonly seed: number;
  /** What a text-guided method reads about each class; see `tokeniseConcepts`. */
  readonly texts?: TextInputs;
  /** Entries of the tokenizer that made the texts. */
  readonly vocabulary?: number;
  /** Weights that the text encoder begins with, under their published names, or `vectors.weight`; needed where `text.pretrained` names a model. */
  readonly textWeights?: ReadonlyMap<string, StoredTensor>;
}

/**
 * Builds a segmenter with fresh weights, a function of configuration and seed.
 * @throws NetworkError `no-texts` when a text-guided method gets none, `no-text-weights` when `text.pretrained` comes without them,
 * `state-mismatch` naming those that do not fit, or the error of the part that does not.
 */
export function createSegmenter(config: SegmenterConfig, resources: SegmenterResources): Segmenter {
  const { seed, textWeights } = resources;
  const named = config.method === 'vision-only' ? null : config.text.pretrained;
  if (named !== null && textWeights === undefined) throw withoutTextWeights(named);
  const segmenter = drawSegmenter(config, resources, new RandomStream(seed).at('weights'));
  if (textWeights !== undefined) loadTextWeights(segmenter, textWeights);
  return segmenter;
}

function loadTextWeights(segmenter: Segmenter, weights: ReadonlyMap<string, StoredTensor>): void {
  if (!(segmenter instanceof BiPVLSeg)) return;
  const isBert = segmenter.config.text.encoder === 'bert';
  try {
    assignCheckpoint(segmenter.textEncoder, weights, isBert ? { table: huggingFaceBert } : {});
  } catch (error) {
    segmenter.network.dispose();
    throw error;
  }
}

/** Builds a segmenter with weights drawn from `random`; see `createSegmenter`. */
export function drawSegmenter(
  config: SegmenterConfig,
  { texts, vocabulary }: Pick<SegmenterResources, 'texts' | 'vocabulary'>,
  random: RandomStream,
): Segmenter {
  if (config.method === 'vision-only') return new VisionOnly(config, random);
  if (texts === undefined || vocabulary === undefined) throw withoutTexts();
  return new BiPVLSeg(config, texts, vocabulary, random);
}

function withoutTextWeights(pretrained: string): NetworkError {
  return new NetworkError(
    'no-text-weights',
    `text.pretrained is '${pretrained}', received no weights of it`,
    {
      hint: 'pass as textWeights what readWeights of @bipvl/text-encoder/node reads, or the vectors of the texts, or leave text.pretrained out',
    },
  );
}

function withoutTexts(): NetworkError {
  return new NetworkError(
    'no-texts',
    "method 'bipvl-seg' needs texts and the size of their vocabulary, received none",
    {
      hint: "pass texts and vocabulary, or use method 'vision-only'",
    },
  );
}
