import { z } from 'zod';
import type { SettingsSchema } from './settings-schema.js';
import { stagedUNet } from './staged-unet.js';

/** The options of `createDynUNet`. */
export const dynunetSchema: SettingsSchema<'dynunet'> = z.strictObject({
  name: z.literal('dynunet'),
  ...stagedUNet,
  residual: z.boolean().default(false),
  deepSupervision: z.int().min(0).default(0),
  upsampleBias: z.boolean().default(false),
});
