import type { BiPVLSegConfig, SegmenterConfig } from '../config.js';
import { leastBackbone } from './least-backbone.js';

/**
 * A number of parameters that a network of this configuration cannot go below: its larger tensors, counted without building them.
 * A file of weights with fewer numbers cannot be its own.
 */
export function leastParameters(config: SegmenterConfig, vocabulary: number): number {
  const { parameters, sites } = leastBackbone(config.backbone, config.image.channels);
  return config.method === 'vision-only'
    ? parameters
    : parameters + textParameters(config, vocabulary) + fusions(config, sites);
}

function textParameters({ text }: BiPVLSegConfig, vocabulary: number): number {
  const { width, layers, intermediate, positions } = text;
  return width * (vocabulary + positions) + layers * (4 * width ** 2 + 2 * width * intermediate);
}

/** The two MLPs of each fusion; late fusion has one of the deepest level, no fusion none. */
function fusions({ fusion }: BiPVLSegConfig, sites: readonly number[]): number {
  const fused = fusion.mode === 'none' ? [] : fusion.mode === 'late' ? sites.slice(-1) : sites;
  return fused.reduce((total, width) => total + 4 * width * fusion.hidden, 0);
}
