import { type Recipe, recipeSchema } from '@bipvl/preprocess';
import type { TokenizerDefinition } from '@bipvl/text-encoder';
import { z } from 'zod';
import type { SegmenterConfig } from '../config.js';
import { segmenterConfigSchema } from '../config-schema.js';
import type { Product, TrainingFacts } from './bundle.js';

/** Names of the files of a bundle. */
export const bundleFileNames = {
  manifest: 'segmenter.json',
  weights: 'model.safetensors',
  concepts: 'concepts.json',
} as const;

/** What `segmenter.json` holds. */
export interface BundleManifest {
  readonly version: 1;
  readonly product: Product;
  readonly config: SegmenterConfig;
  readonly recipe: Recipe;
  readonly modality: readonly string[];
  readonly tokenizer: TokenizerDefinition | null;
  readonly training: TrainingFacts;
  /** SHA-256 of each other file, by name. */
  readonly sha256: { readonly 'model.safetensors': string; readonly 'concepts.json'?: string | undefined };
}

const text = z.string().max(10_000);
const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

const training = z.strictObject({
  dataset: text,
  licence: text,
  reference: text,
  cases: z.strictObject({ train: count, validation: count, heldOut: count }),
  seed: z.int(),
  steps: count,
  validationDsc: z.record(z.string(), z.number().min(0).max(1).nullable()),
});

// Hugging Face's own keys are kept as they are; `createTokenizer` judges what they hold.
const tokenizer = z.strictObject({
  tokenizerJson: z.looseObject({ model: z.looseObject({}), added_tokens: z.array(z.looseObject({})) }),
  tokenizerConfig: z.looseObject({}),
}) as unknown as z.ZodType<TokenizerDefinition>;

const manifest = z.strictObject({
  version: z.literal(1),
  product: z.strictObject({ name: text, version: text }),
  config: segmenterConfigSchema,
  recipe: recipeSchema,
  modality: z.array(text).min(1).max(1000),
  tokenizer: tokenizer.nullable(),
  training,
  sha256: z.strictObject({ 'model.safetensors': hash, 'concepts.json': hash.optional() }),
});

/** Whether a segmenter reads texts as tokens, rather than none or as vectors that it holds. */
function readsTokens(config: SegmenterConfig): boolean {
  return config.method !== 'vision-only' && config.text.encoder === 'bert';
}

/** The schema of `segmenter.json`: strict, so that a key of a later version is refused and not overlooked. */
export const bundleManifestSchema: z.ZodType<BundleManifest> = manifest
  .refine(({ modality, config }) => modality.length === config.image.channels, {
    path: ['modality'],
    message: 'must name as many channels as config.image.channels says',
  })
  .refine(({ config, tokenizer }) => readsTokens(config) === (tokenizer !== null), {
    path: ['tokenizer'],
    message: 'must be there for a method that reads the words of texts, and null for another',
  })
  .refine(
    ({ config, sha256 }) => (config.method === 'vision-only') === (sha256['concepts.json'] === undefined),
    {
      path: ['sha256', 'concepts.json'],
      message: 'must be there for a method that reads texts, and for no other',
    },
  );
