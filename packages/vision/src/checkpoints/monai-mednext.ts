import type { StateRule, StateTable } from '@bipvl/nn';
import { convolutionRules } from './pytorch-layers.js';

/** The names of `monai.networks.nets.MedNeXt` (MONAI 1.6) for a network of this many encoder stages, the bottleneck among them. */
export function monaiMedNeXtTable(stages = 5): StateTable {
  const bottom = stages - 1;
  const above = Array.from({ length: bottom }, (_, stage) => stage);
  return {
    rules: [
      ...convolutionRules('stem', 'encoder.stem'),
      ...above.flatMap((stage) => [
        ...block(`enc_stages.${stage}.{block}`, `encoder.stages.${stage}.blocks.{block}`),
        ...block(`down_blocks.${stage}`, `encoder.stages.${stage + 1}.reduce`),
        ...convolutionRules(
          `out_blocks.${stage}.conv_out`,
          `head.levels.${bottom - stage}`,
          'conv3dTransposed',
        ),
      ]),
      ...block('bottleneck.{block}', `encoder.stages.${bottom}.blocks.{block}`),
      ...block('up_blocks.{level}', 'decoder.levels.{level}.upsample', 'conv3dTransposed'),
      ...block('dec_stages.{level}.{block}', 'decoder.levels.{level}.blocks.{block}'),
      ...convolutionRules('out_0.conv_out', 'head.levels.0', 'conv3dTransposed'),
    ],
  };
}

/** `resampling` is the layout of what changes the sides. */
function block(
  theirs: string,
  ours: string,
  resampling: 'conv3d' | 'conv3dTransposed' = 'conv3d',
): StateRule[] {
  return [
    // A filter a channel lies alike in both directions.
    ...convolutionRules(`${theirs}.conv1`, `${ours}.depthwise`),
    { pattern: `${theirs}.norm.weight`, name: `${ours}.normalisation.scale`, layout: 'same' },
    { pattern: `${theirs}.norm.bias`, name: `${ours}.normalisation.shift`, layout: 'same' },
    ...convolutionRules(`${theirs}.conv2`, `${ours}.expand`),
    ...convolutionRules(`${theirs}.conv3`, `${ours}.contract`),
    ...convolutionRules(`${theirs}.res_conv`, `${ours}.shortcut`, resampling),
  ];
}
