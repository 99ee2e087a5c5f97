import { z } from 'zod';
import { count, factor, perStage } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';
import { unetrNormalisation } from './unetr-normalisation.js';

/** The options of `createDCFormerUNet`. */
export const dcformerSchema: SettingsSchema<'dcformer'> = z.strictObject({
  name: z.literal('dcformer'),
  variant: z.enum(['nano', 'naive', 'tiny', 'small', 'base', 'large']).default('naive'),
  channels: z.array(count).length(5).exactOptional(),
  blocks: perStage.exactOptional(),
  kernels: perStage.default([13, 11, 9, 7]),
  stemStride: z.union([z.literal(1), z.literal(2), z.literal(4)]).default(2),
  stemActivation: z.enum(['none', 'gelu']).default('none'),
  normalisation: unetrNormalisation,
  layerScale: factor.default(1e-6),
  residualMixer: z.boolean().default(false),
});
