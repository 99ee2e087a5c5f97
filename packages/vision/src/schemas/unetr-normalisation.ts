import { z } from 'zod';
import { count } from './parts.js';

/** The normalisation of Swin UNETR's and UNETR's convolutions. */
export const unetrNormalisation: z.ZodType<'instance' | 'batch' | { groups: number }> = z
  .union([z.enum(['instance', 'batch']), z.strictObject({ groups: count })])
  .default('instance');
