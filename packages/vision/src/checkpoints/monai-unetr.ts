import type { StateRule, StateTable } from '@bipvl/nn';
import { residualBlockIgnored, residualBlockRules } from './monai-residual-block.js';
import { layerNormRules, linearRules } from './pytorch-layers.js';

/** How a UNETR's skips are made: the options of the same names. */
export interface UNETRForm {
  /** Default true. */
  readonly convolutions?: boolean;
  /** Default true. */
  readonly residual?: boolean;
}

/** The names of `monai.networks.nets.UNETR` (MONAI 1.6). */
export function monaiUNETRTable({ convolutions = true, residual = true }: UNETRForm = {}): StateTable {
  const blocks = Object.entries(blockNames);
  return {
    rules: [
      ...transformerRules(),
      ...blocks.flatMap(([theirs, ours]) => residualBlockRules(theirs, ours, residual)),
      ...climbRules(convolutions),
      ...[0, 1, 2, 3].map((level) =>
        upsampling(`decoder${5 - level}.transp_conv`, `decoder.levels.${level}.upsample`),
      ),
      { pattern: 'out.conv.conv.weight', name: 'head.convolution.weight', layout: 'conv3d' },
      { pattern: 'out.conv.conv.bias', name: 'head.convolution.bias', layout: 'same' },
    ],
    ignored: [
      ...blocks.flatMap(([theirs]) => residualBlockIgnored(theirs)),
      // Cross-attention that MONAI 1.3 and 1.4 made and never ran.
      'vit.blocks.{block}.cross_attn.{map}.{part}',
    ],
  };
}

/** Their blocks of convolutions and ours; MONAI counts the decoder from deep 5 to fine 2. */
const blockNames: Readonly<Record<string, string>> = {
  'encoder1.layer': 'encoder.finest',
  ...Object.fromEntries(
    [0, 1].map((climb) => [
      `encoder${climb + 2}.blocks.{step}.1`,
      `encoder.climbs.${climb}.further.{step}.refine`,
    ]),
  ),
  ...Object.fromEntries(
    [0, 1, 2, 3].map((level) => [`decoder${5 - level}.conv_block`, `decoder.levels.${level}.refine`]),
  ),
};

/** Without blocks between them the transposed convolutions stand one level higher. */
function climbRules(convolutions: boolean): StateRule[] {
  return [0, 1, 2].flatMap((climb) => [
    upsampling(`encoder${climb + 2}.transp_conv_init`, `encoder.climbs.${climb}.first`),
    upsampling(
      `encoder${climb + 2}.blocks.{step}${convolutions ? '.0' : ''}`,
      `encoder.climbs.${climb}.further.{step}.upsample`,
    ),
  ]);
}

function transformerRules(): StateRule[] {
  const embedding = 'vit.patch_embedding';
  const theirs = 'vit.blocks.{block}';
  const ours = 'encoder.blocks.{block}';
  return [
    {
      pattern: `${embedding}.patch_embeddings.weight`,
      name: 'encoder.embedding.weight',
      layout: 'conv3d',
    },
    { pattern: `${embedding}.patch_embeddings.bias`, name: 'encoder.embedding.bias', layout: 'same' },
    { pattern: `${embedding}.position_embeddings`, name: 'encoder.positions', layout: 'same' },
    ...layerNormRules(`${theirs}.norm1`, `${ours}.attentionNormalisation`),
    ...linearRules(`${theirs}.attn.qkv`, `${ours}.attention.qkv`),
    ...linearRules(`${theirs}.attn.out_proj`, `${ours}.attention.output`),
    ...layerNormRules(`${theirs}.norm2`, `${ours}.mlpNormalisation`),
    ...linearRules(`${theirs}.mlp.linear1`, `${ours}.mlp.expand`),
    ...linearRules(`${theirs}.mlp.linear2`, `${ours}.mlp.contract`),
    ...layerNormRules(`${theirs}.norm_cross_attn`, `${ours}.idleNormalisation`),
    ...layerNormRules('vit.norm', 'encoder.normalisation'),
  ];
}

function upsampling(theirs: string, ours: string): StateRule {
  return { pattern: `${theirs}.conv.weight`, name: `${ours}.weight`, layout: 'conv3dTransposed' };
}
