export { BiFusion, type BiFusionOptions } from './bifusion.js';
export type { Fusion } from './fusion.js';
export { createFusion, type FusionName, type FusionOptions, listFusions } from './registry.js';
export { WindowSelfAttention, type WindowSelfAttentionOptions } from './window-self-attention.js';
export { partition, unpartition, windowSides } from './windows.js';
