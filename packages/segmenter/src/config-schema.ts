import { NetworkError } from '@bipvl/nn';
import { z } from 'zod';
import type { BackboneConfig, SegmenterConfig } from './config.js';

const count = z.int().min(1);
const sides = z.tuple([count, count, count]);
const share = z.number().min(0).max(1);
const factor = z.number().min(0);

const image = z.strictObject({ channels: count.default(1), patch: sides });
const labels = z
  .array(z.strictObject({ id: z.int().min(1).max(65535), name: z.string().min(1).max(100) }))
  .min(1);

const unet = z.strictObject({
  name: z.literal('unet'),
  channels: z.array(count).min(2).default([16, 32, 64, 128, 256]),
  strides: z.array(z.union([count, sides])).default([2, 2, 2, 2]),
  residualUnits: z.int().min(0).default(2),
  kernel: count.default(3),
  normalisation: z.enum(['instance', 'batch']).default('instance'),
  activation: z.union([z.literal('prelu'), z.strictObject({ leakyRelu: factor })]).default('prelu'),
  bias: z.union([z.boolean(), z.literal('unnormalised')]).default(true),
  normaliseShortcut: z.boolean().default(false),
  head: z.enum(['transposed', 'convolution']).default('transposed'),
});

const segresnet = z.strictObject({
  name: z.literal('segresnet'),
  filters: count.default(8),
  groups: count.default(8),
  blocksDown: z.array(count).min(2).default([1, 2, 2, 4]),
  blocksUp: z.array(count).min(1).default([1, 1, 1]),
  dropout: share.default(0),
  upsampling: z.enum(['trilinear', 'transposed']).default('trilinear'),
});

const perStage = z.union([count, z.array(count).min(1)]);
const sidesPerStage = z.union([count, z.array(z.union([count, sides])).min(2)]);

/** What nnU-Net's networks and MONAI's after them have in common. */
const stagedUNet = {
  channels: z.array(count).min(2).default([32, 64, 128, 256, 320, 320]),
  kernels: sidesPerStage.default(3),
  strides: sidesPerStage.default(2),
  normalisation: z.enum(['instance', 'batch']).default('instance'),
  activation: z.strictObject({ leakyRelu: factor }).prefault({ leakyRelu: 0.01 }),
};

const nnunetPlain = z.strictObject({
  name: z.literal('nnunet-plain'),
  ...stagedUNet,
  convolutions: perStage.default(2),
  decoderConvolutions: perStage.default(2),
  bias: z.union([z.boolean(), z.literal('unnormalised')]).default(true),
  deepSupervision: z.boolean().default(true),
});

const nnunetResidualEncoder = z.strictObject({
  name: z.literal('nnunet-residual-encoder'),
  ...stagedUNet,
  blocks: perStage.default([1, 3, 4, 6, 6, 6]),
  decoderConvolutions: perStage.default(1),
  bias: z.union([z.boolean(), z.literal('unnormalised')]).default(true),
  deepSupervision: z.boolean().default(true),
});

const dynunet = z.strictObject({
  name: z.literal('dynunet'),
  ...stagedUNet,
  residual: z.boolean().default(false),
  deepSupervision: z.int().min(0).default(0),
  upsampleBias: z.boolean().default(false),
});

const unetPlusPlus = z.strictObject({
  name: z.literal('unet-plusplus'),
  channels: z.array(count).min(2).default([32, 32, 64, 128, 256]),
  lastChannels: count.default(32),
  deepSupervision: z.boolean().default(false),
  normalisation: z.enum(['instance', 'batch']).default('instance'),
  activation: z.strictObject({ leakyRelu: factor }).prefault({ leakyRelu: 0.1 }),
  bias: z.union([z.boolean(), z.literal('unnormalised')]).default(true),
});

const mednext = z.strictObject({
  name: z.literal('mednext'),
  size: z.enum(['S', 'B', 'M', 'L']).default('S'),
  kernel: count.default(3),
  filters: count.default(32),
  blocksDown: perStage.exactOptional(),
  blocksUp: perStage.exactOptional(),
  expansionsDown: perStage.exactOptional(),
  expansionsUp: perStage.exactOptional(),
  residual: z.boolean().default(true),
  deepSupervision: z.boolean().default(false),
});

/** What Swin UNETR and UNETR have in common. */
const unetrNormalisation = z
  .union([z.enum(['instance', 'batch']), z.strictObject({ groups: count })])
  .default('instance');

const swinUnetr = z.strictObject({
  name: z.literal('swin-unetr'),
  version: z.union([z.literal(1), z.literal(2)]).default(1),
  width: count.default(24),
  depths: z.tuple([count, count, count, count]).default([2, 2, 2, 2]),
  heads: z.tuple([count, count, count, count]).default([3, 6, 12, 24]),
  window: z.union([count, sides]).default(7),
  mlpRatio: z.number().positive().default(4),
  qkvBias: z.boolean().default(true),
  patchNormalisation: z.boolean().default(false),
  normalise: z.boolean().default(true),
  merging: z.enum(['legacy', 'legacy-corrected', 'v2']).default('legacy'),
  normalisation: unetrNormalisation,
  dropout: share.default(0),
  attentionDropout: share.default(0),
  dropPath: share.default(0),
});

const unetr = z.strictObject({
  name: z.literal('unetr'),
  filters: count.default(16),
  width: count.default(768),
  mlpWidth: count.default(3072),
  heads: count.default(12),
  normalisation: unetrNormalisation,
  convolutions: z.boolean().default(true),
  residual: z.boolean().default(true),
  qkvBias: z.boolean().default(false),
  dropout: share.default(0),
});

const backbones = [
  unet,
  segresnet,
  unetPlusPlus,
  mednext,
  nnunetPlain,
  nnunetResidualEncoder,
  dynunet,
  swinUnetr,
  unetr,
] as const;

/** The schema of each backbone's options. */
export const backboneSchemas: readonly { name: BackboneConfig['name']; schema: z.ZodType<BackboneConfig> }[] =
  backbones.map((schema) => ({ name: schema.shape.name.value, schema }));

const backbone = z.discriminatedUnion('name', backbones, {
  error: ({ input }) =>
    `there is no backbone '${named(input)}'; expected one of: ${backbones.map(({ shape }) => shape.name.value).join(', ')}`,
});

const text = z.strictObject({
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

const visionOnly = z.strictObject({ method: z.literal('vision-only'), image, labels, backbone });

const bipvlSeg = z.strictObject({
  method: z.literal('bipvl-seg'),
  image,
  labels,
  backbone,
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

function named(input: unknown): string {
  return typeof input === 'object' && input !== null && 'name' in input ? String(input.name) : String(input);
}
