import { z } from 'zod';
import { bias, count, factor, sides } from './parts.js';
import type { SettingsSchema } from './settings-schema.js';

/** The options of `createUNet`. */
export const unetSchema: SettingsSchema<'unet'> = z.strictObject({
  name: z.literal('unet'),
  channels: z.array(count).min(2).default([16, 32, 64, 128, 256]),
  strides: z.array(z.union([count, sides])).exactOptional(),
  residualUnits: z.int().min(0).default(2),
  kernel: count.default(3),
  normalisation: z.enum(['instance', 'batch']).default('instance'),
  activation: z.union([z.literal('prelu'), z.strictObject({ leakyRelu: factor })]).default('prelu'),
  bias: bias.default(true),
  normaliseShortcut: z.boolean().default(false),
  head: z.enum(['transposed', 'convolution']).default('transposed'),
});
