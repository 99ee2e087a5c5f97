import { z } from 'zod';
import { count, perStage, share, sides } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';

/** The options of `createNnFormer`; what is left out is that of the layout. */
export const nnformerSchema: SettingsSchema<'nnformer'> = z.strictObject({
  name: z.literal('nnformer'),
  layout: z.enum(['isotropic', 'synapse', 'acdc', 'tumour']).default('isotropic'),
  width: count.exactOptional(),
  heads: z.array(count).length(4).exactOptional(),
  decoderHeads: z.array(count).length(3).exactOptional(),
  depths: perStage.default(2),
  windows: z
    .array(z.union([count, sides]))
    .length(4)
    .exactOptional(),
  shiftMask: z.boolean().exactOptional(),
  relativeIndex: z.enum(['released', 'standard']).default('released'),
  dropPath: share.default(0.2),
  deepSupervision: z.boolean().exactOptional(),
});
