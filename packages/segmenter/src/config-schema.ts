import { NetworkError } from '@bipvl/nn';
import { backboneSettingsSchema } from '@bipvl/vision';
import { z } from 'zod';
import type { SegmenterConfig } from './config.js';

const count = z.int().min(1);
const sides = z.tuple([count, count, count]);
const share = z.number().min(0).max(1);
const factor = z.number().min(0);

const image = z.strictObject({ channels: count.default(1), patch: sides });
const labels = z
  .array(z.strictObject({ id: z.int().min(1).max(65535), name: z.string().min(1).max(100) }))
  .min(1);

const textKeys = z.strictObject({
  encoder: z.enum(['bert', 'sentences']).default('bert'),
  pretrained: z.string().min(1).max(1000).nullable().default(null),
  frozen: z.boolean().default(false),
  vocabulary: count.nullable().default(null),
  width: count.default(768),
  layers: count.default(12),
  heads: count.default(12),
  intermediate: count.default(3072),
  stages: z.array(count).default([6, 2, 2, 2]),
  dropout: share.default(0.1),
  positions: count.default(512),
  maxSentenceTokens: count.default(192),
  maxConceptTokens: count.default(64),
});

const text = textKeys
  .refine(({ pretrained, frozen }) => !frozen || pretrained !== null, {
    path: ['frozen'],
    message: 'needs text.pretrained: an encoder of random weights that never learns says nothing',
  })
  .refine(({ pretrained, encoder }) => encoder === 'bert' || pretrained !== null, {
    path: ['encoder'],
    message: "'sentences' needs text.pretrained: the model that gives each text its vector",
  });

const fusion = z.strictObject({
  name: z.enum(['bifusion']).default('bifusion'),
  mode: z.enum(['every-stage', 'late', 'none']).default('every-stage'),
  heads: count.default(8),
  hidden: count.default(2048),
  visionSelfAttention: z.enum(['window', 'dense', 'none']).default('window'),
  window: z.int().min(2).default(6),
  selfAttentionResidual: z.boolean().default(true),
  textResidual: z.boolean().default(true),
  zeroInitialised: z.boolean().default(false),
});

const alignment = z.strictObject({
  width: count.default(128),
  temperature: z.number().positive().default(0.2),
  hardNegatives: count.default(3),
  noise: factor.default(0.01),
  global: factor.default(1),
  local: factor.default(1),
});

const visionOnly = z.strictObject({
  method: z.literal('vision-only'),
  image,
  labels,
  backbone: backboneSettingsSchema,
});

const bipvlSeg = z.strictObject({
  method: z.literal('bipvl-seg'),
  image,
  labels,
  backbone: backboneSettingsSchema,
  text: text.prefault({}),
  fusion: fusion.prefault({}),
  alignment: alignment.nullable().prefault({}),
});

/** The schema of a segmenter's configuration: strict at every level, defaults filled in. */
export const segmenterConfigSchema: z.ZodType<SegmenterConfig> = z.discriminatedUnion('method', [
  bipvlSeg,
  visionOnly,
]);

/** Fills in the defaults. @throws NetworkError `segmenter-config` naming the first faulty key. */
export function parseSegmenterConfig(value: unknown): SegmenterConfig {
  const parsed = segmenterConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue?.path.join('.') || 'segmenter';
  throw new NetworkError('segmenter-config', `segmenter configuration, ${key}: ${issue?.message}`, {
    hint: `correct '${key}'; the keys and their defaults are in the README of @bipvl/segmenter`,
  });
}
