import type { StateRule } from '@bipvl/nn';

/** A PyTorch `Linear`. */
export function linearRules(theirs: string, ours: string): StateRule[] {
  return [
    { pattern: `${theirs}.weight`, name: `${ours}.weight`, layout: 'transpose' },
    { pattern: `${theirs}.bias`, name: `${ours}.bias`, layout: 'same' },
  ];
}

/** A PyTorch `LayerNorm`. */
export function layerNormRules(theirs: string, ours: string): StateRule[] {
  return [
    { pattern: `${theirs}.weight`, name: `${ours}.scale`, layout: 'same' },
    { pattern: `${theirs}.bias`, name: `${ours}.shift`, layout: 'same' },
  ];
}
