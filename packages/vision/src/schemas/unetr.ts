import { z } from 'zod';
import { count, share } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';
import { unetrNormalisation } from './unetr-normalisation.js';

/** The options of `createUNETR`. */
export const unetrSchema: SettingsSchema<'unetr'> = z.strictObject({
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
