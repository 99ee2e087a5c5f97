import { z } from 'zod';
import { bias, count, perStage, sidesPerStage } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';

/** The options of `createSTUNet`. */
export const stunetSchema: SettingsSchema<'stunet'> = z.strictObject({
  name: z.literal('stunet'),
  size: z.enum(['S', 'B', 'L', 'H']).default('B'),
  channels: z.array(count).length(6).exactOptional(),
  depths: perStage.exactOptional(),
  strides: sidesPerStage.default(2),
  bias: bias.default(true),
  deepSupervision: z.boolean().default(true),
});
