import type { BertOptions } from './bert.js';
import { divideLayers } from './stage-division.js';

/** Sizes of BERT, smallest first: one for tests, the miniatures of Turc et al. 2019 (arXiv 1908.08962), and BERT-base. */
export type BertPreset = 'test' | 'tiny' | 'mini' | 'small' | 'medium' | 'base';

const sizes: Readonly<
  Record<BertPreset, { readonly width: number; readonly layers: number; readonly heads: number }>
> = {
  test: { width: 32, layers: 4, heads: 2 },
  tiny: { width: 128, layers: 2, heads: 2 },
  mini: { width: 256, layers: 4, heads: 4 },
  small: { width: 512, layers: 4, heads: 8 },
  medium: { width: 512, layers: 8, heads: 8 },
  base: { width: 768, layers: 12, heads: 12 },
};

/** Options of a BERT of that size in so many stages; 'tiny' has layers for two at most. Only `vocabulary` is left to add. */
export function bertPreset(preset: BertPreset, stages: number): Omit<BertOptions, 'vocabulary'> {
  const { width, layers, heads } = sizes[preset];
  return { width, layers, heads, intermediate: 4 * width, stages: divideLayers(layers, stages) };
}
