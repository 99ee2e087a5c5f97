import { NetworkError, RandomStream } from '@bipvl/nn';
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
}

/**
 * Builds a segmenter with fresh weights, a function of configuration and seed.
 * @throws NetworkError `no-texts` when a text-guided method gets none, or the error of the part that does not fit.
 */
export function createSegmenter(config: SegmenterConfig, resources: SegmenterResources): Segmenter {
  return drawSegmenter(config, resources, new RandomStream(resources.seed).at('weights'));
}

/** Builds a segmenter with weights drawn from `random`; see `createSegmenter`. */
export function drawSegmenter(
  config: SegmenterConfig,
  { texts, vocabulary }: Omit<SegmenterResources, 'seed'>,
  random: RandomStream,
): Segmenter {
  if (config.method === 'vision-only') return new VisionOnly(config, random);
  if (texts === undefined || vocabulary === undefined) throw withoutTexts();
  return new BiPVLSeg(config, texts, vocabulary, random);
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
