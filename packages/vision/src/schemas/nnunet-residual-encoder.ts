import { z } from 'zod';
import { bias, perStage } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';
import { stagedUNet } from './staged-unet.js';

/** The options of `createNnUNetResidualEncoder`. */
export const nnunetResidualEncoderSchema: SettingsSchema<'nnunet-residual-encoder'> = z.strictObject({
  name: z.literal('nnunet-residual-encoder'),
  ...stagedUNet,
  blocks: perStage.exactOptional(),
  decoderConvolutions: perStage.default(1),
  bias: bias.default(true),
  deepSupervision: z.boolean().default(true),
});
