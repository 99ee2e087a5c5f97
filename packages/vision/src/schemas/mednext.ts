import { z } from 'zod';
import { count, perStage } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';

/** The options of `createMedNeXt`. */
export const mednextSchema: SettingsSchema<'mednext'> = z.strictObject({
  name: z.literal('mednext'),
  size: z.enum(['S', 'B', 'M', 'L']).default('S'),
  kernel: count.default(3),
  filters: count.default(32),
  blocksDown: perStage.exactOptional(),
  blocksUp: perStage.exactOptional(),
  expansionsDown: perStage.exactOptional(),
  expansionsUp: perStage.exactOptional(),
  residual: z.boolean().default(true),
  deepSupervision: z.boolean().default(false),
});
