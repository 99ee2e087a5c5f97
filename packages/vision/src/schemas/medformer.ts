import { z } from 'zod';
import { count, sides, sidesPerStage } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';

/** Numbers of things, of which there may be none. */
const numbers = z.array(z.int().min(0)).length(4);

/** The options of `createMedFormer`. */
export const medformerSchema: SettingsSchema<'medformer'> = z.strictObject({
  name: z.literal('medformer'),
  layout: z.enum(['amos', 'kits', 'lits', 'bcv', 'acdc']).default('amos'),
  channels: z.array(count).length(5).default([32, 64, 128, 256, 320]),
  kernels: sidesPerStage.exactOptional(),
  strides: sidesPerStage.exactOptional(),
  mapSides: sides.exactOptional(),
  blocksDown: numbers.exactOptional(),
  blocksUp: numbers.exactOptional(),
  attentionDown: z.array(count).length(3).exactOptional(),
  headsDown: z.array(count).length(3).exactOptional(),
  attentionUp: z.array(count).length(2).exactOptional(),
  headsUp: z.array(count).length(2).exactOptional(),
  unevenHeads: z.boolean().default(false),
  fusionWidth: count.exactOptional(),
  fusionHeads: count.exactOptional(),
  fusionDepth: count.default(2),
  expansion: count.default(4),
  projection: z.enum(['depthwise', 'linear']).default('depthwise'),
  normalisation: z.enum(['instance', 'batch', 'layer']).default('instance'),
  activation: z.enum(['relu', 'gelu', 'swish']).default('relu'),
  deepSupervision: z.boolean().exactOptional(),
});
