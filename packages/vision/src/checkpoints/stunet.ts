import type { StateRule, StateTable } from '@bipvl/nn';
import { convolutionRules, layerNormRules } from './pytorch-layers.js';

/** The names of STU-Net's release (uni-medical/STU-Net, `STUNet.py`), all sizes. */
export function stuNetTable(): StateTable {
  return {
    rules: [
      ...blockRules('conv_blocks_context.{stage}.{block}', 'encoder.stages.{stage}.blocks.{block}'),
      ...blockRules(
        'conv_blocks_localization.{level}.{block}',
        'decoder.levels.{level}.refine.blocks.{block}',
      ),
      ...convolutionRules('upsample_layers.{level}.conv', 'decoder.levels.{level}.reduce'),
      // Theirs run deep to fine, ours fine to deep.
      ...[0, 1, 2, 3, 4].flatMap((level) =>
        convolutionRules(`seg_outputs.${4 - level}`, `head.levels.${level}`),
      ),
    ],
  };
}

function blockRules(theirs: string, ours: string): StateRule[] {
  return [
    ...convolutionRules(`${theirs}.conv1`, `${ours}.first.convolution`),
    ...layerNormRules(`${theirs}.norm1`, `${ours}.first.normalisation`),
    ...convolutionRules(`${theirs}.conv2`, `${ours}.second.convolution`),
    ...layerNormRules(`${theirs}.norm2`, `${ours}.second.normalisation`),
    ...convolutionRules(`${theirs}.conv3`, `${ours}.shortcut`),
  ];
}
