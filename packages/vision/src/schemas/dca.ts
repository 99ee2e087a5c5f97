import { z } from 'zod';
import type { BridgeSettings } from '../bridge-options.js';
import { count, normalisation, perStage, share } from './parts.js';
import type { StrictSchema } from './settings-schema.js';

/** The options of `DualCrossAttention`. */
export const dcaSchema: StrictSchema<BridgeSettings<'dca'>> = z.strictObject({
  name: z.literal('dca'),
  grid: z.array(count).min(2).max(3).exactOptional(),
  blocks: count.default(1),
  channelHeads: perStage.default(1),
  spatialHeads: perStage.default(4),
  attention: z.enum(['both', 'channel', 'spatial']).default('both'),
  postNormalisation: z.boolean().default(false),
  normalisation: z.union([normalisation, z.literal('none')]).default('batch'),
  dropout: share.default(0),
});
