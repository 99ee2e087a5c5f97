import { z } from 'zod';
import { bias, count, factor } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';

/** The options of `createUNetPlusPlus`. */
export const unetPlusPlusSchema: SettingsSchema<'unet-plusplus'> = z.strictObject({
  name: z.literal('unet-plusplus'),
  channels: z.array(count).min(2).default([32, 32, 64, 128, 256]),
  lastChannels: count.default(32),
  deepSupervision: z.boolean().default(false),
  normalisation: z.enum(['instance', 'batch']).default('instance'),
  activation: z.strictObject({ leakyRelu: factor }).prefault({ leakyRelu: 0.1 }),
  bias: bias.default(true),
});
