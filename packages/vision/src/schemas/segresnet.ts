import { z } from 'zod';
import { count, share } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';

/** The options of `createSegResNet`. */
export const segresnetSchema: SettingsSchema<'segresnet'> = z.strictObject({
  name: z.literal('segresnet'),
  filters: count.default(8),
  groups: count.default(8),
  blocksDown: z.array(count).min(2).default([1, 2, 2, 4]),
  blocksUp: z.array(count).min(1).exactOptional(),
  dropout: share.default(0),
  upsampling: z.enum(['trilinear', 'transposed']).default('trilinear'),
});
