import type { BiPVLSegConfig, SegmenterConfig, UNetConfig } from '../config.js';

/**
 * A number of parameters that a network of this configuration cannot go below: its larger tensors, counted without building them.
 * A file of weights with fewer numbers cannot be its own.
 */
export function leastParameters(config: SegmenterConfig, vocabulary: number): number {
  const vision = convolutions(config.backbone, config.image.channels);
  return config.method === 'vision-only'
    ? vision
    : vision + textParameters(config, vocabulary) + fusions(config);
}

/** The convolutions into each level, and the transposed ones between two levels above the bottom. */
function convolutions({ channels, kernel, residualUnits }: UNetConfig, inputs: number): number {
  const repeats = Math.max(1, residualUnits) - 1;
  return channels.reduce((total, width, level) => {
    const above = channels[level - 1] ?? inputs;
    const up = level > 0 && level < channels.length - 1 ? above * width : 0;
    return total + kernel ** 3 * (above * width + repeats * width ** 2 + up);
  }, 0);
}

function textParameters({ text }: BiPVLSegConfig, vocabulary: number): number {
  const { width, layers, intermediate, positions } = text;
  return width * (vocabulary + positions) + layers * (4 * width ** 2 + 2 * width * intermediate);
}

/** The two MLPs of each fusion; late fusion has one of the deepest level, no fusion none. */
function fusions({ fusion, backbone }: BiPVLSegConfig): number {
  const sites = backbone.channels.slice(1);
  const fused = fusion.mode === 'none' ? [] : fusion.mode === 'late' ? sites.slice(-1) : sites;
  return fused.reduce((total, width) => total + 4 * width * fusion.hidden, 0);
}
