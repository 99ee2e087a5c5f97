import { z } from 'zod';
import { bias, perStage } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';
import { stagedUNet } from './staged-unet.js';

/** The options of `createNnUNetPlain`. */
export const nnunetPlainSchema: SettingsSchema<'nnunet-plain'> = z.strictObject({
  name: z.literal('nnunet-plain'),
  ...stagedUNet,
  convolutions: perStage.default(2),
  decoderConvolutions: perStage.default(2),
  bias: bias.default(true),
  deepSupervision: z.boolean().default(true),
});
