import type { StateRule, StateTable } from '@bipvl/nn';
import { residualBlockIgnored, residualBlockRules } from './monai-residual-block.js';
import { type SwinWindows, swinTransformerIndices, swinTransformerRules } from './monai-swin-transformer.js';

/** The names of `monai.networks.nets.SwinUNETR` (MONAI 1.6), both versions; those of earlier releases are the same. */
export function monaiSwinUNETRTable(windows: SwinWindows = {}): StateTable {
  const { ignored, constants } = swinTransformerIndices('swinViT.', windows);
  return {
    rules: [
      ...swinTransformerRules('swinViT.', 'encoder.transformer.'),
      ...Object.entries(blocks).flatMap(([theirs, ours]) => residualBlockRules(theirs, ours)),
      ...[0, 1, 2, 3, 4].map(upsampling),
      { pattern: 'out.conv.conv.weight', name: 'head.convolution.weight', layout: 'conv3d' },
      { pattern: 'out.conv.conv.bias', name: 'head.convolution.bias', layout: 'same' },
    ],
    ignored: [...ignored, ...Object.keys(blocks).flatMap(residualBlockIgnored)],
    constants,
  };
}

/** Their blocks of convolutions and ours. MONAI counts the bottleneck as 10 and the decoder from deep 5 to fine 1. */
const blocks: Readonly<Record<string, string>> = {
  ...Object.fromEntries([1, 2, 3, 4].map((level) => [`encoder${level}.layer`, `encoder.skips.${level - 1}`])),
  'encoder10.layer': 'encoder.bottleneck',
  ...Object.fromEntries(
    [0, 1, 2, 3, 4].map((level) => [`decoder${5 - level}.conv_block`, `decoder.levels.${level}.refine`]),
  ),
};

function upsampling(level: number): StateRule {
  return {
    pattern: `decoder${5 - level}.transp_conv.conv.weight`,
    name: `decoder.levels.${level}.upsample.weight`,
    layout: 'conv3dTransposed',
  };
}
