import { z } from 'zod';
import { count, share, sides } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';
import { unetrNormalisation } from './unetr-normalisation.js';

/** The options of `createSwinUNETR`. */
export const swinUNETRSchema: SettingsSchema<'swin-unetr'> = z.strictObject({
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
