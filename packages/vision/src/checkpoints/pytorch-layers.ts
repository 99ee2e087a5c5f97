import type { StateRule } from '@bipvl/nn';

/** A PyTorch `Linear`. */
export function linearRules(theirs: string, ours: string): StateRule[] {
  return [
    { pattern: `${theirs}.weight`, name: `${ours}.weight`, layout: 'transpose' },
    { pattern: `${theirs}.bias`, name: `${ours}.bias`, layout: 'same' },
  ];
}

/** A PyTorch `LayerNorm`, or another normalisation with learned scale and shift. */
export function layerNormRules(theirs: string, ours: string): StateRule[] {
  return [
    { pattern: `${theirs}.weight`, name: `${ours}.scale`, layout: 'same' },
    { pattern: `${theirs}.bias`, name: `${ours}.shift`, layout: 'same' },
  ];
}

/** A PyTorch convolution, or a transposed one, with or without a bias. */
export function convolutionRules(
  theirs: string,
  ours: string,
  layout: 'conv3d' | 'conv3dTransposed' = 'conv3d',
): StateRule[] {
  return [
    { pattern: `${theirs}.weight`, name: `${ours}.weight`, layout },
    { pattern: `${theirs}.bias`, name: `${ours}.bias`, layout: 'same' },
  ];
}
