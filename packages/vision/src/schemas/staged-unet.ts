import { z } from 'zod';
import { count, factor, sidesPerStage } from './parts.js';

/** What nnU-Net's networks and MONAI's after them have in common. */
export const stagedUNet: {
  channels: z.ZodType<number[]>;
  kernels: typeof sidesPerStage;
  strides: typeof sidesPerStage;
  normalisation: z.ZodType<'instance' | 'batch'>;
  activation: z.ZodType<{ leakyRelu: number }>;
} = {
  channels: z.array(count).min(2).default([32, 64, 128, 256, 320, 320]),
  kernels: sidesPerStage.default(3),
  strides: sidesPerStage.default(2),
  normalisation: z.enum(['instance', 'batch']).default('instance'),
  activation: z.strictObject({ leakyRelu: factor }).prefault({ leakyRelu: 0.01 }),
};
