import { relativePositionIndex, type StateRule, type StateTable, type Triple, triple } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { residualBlockRules } from './monai-residual-block.js';
import { layerNormRules, linearRules } from './pytorch-layers.js';

/** What the published tensors that hold nothing learned depend on. */
export interface SwinWindows {
  /** Sides of a window in tokens. Default 7. */
  readonly window?: number | Triple;
  /** Swin blocks of each stage. Default [2, 2, 2, 2]. */
  readonly depths?: readonly number[];
}

/** The names of `monai.networks.nets.swin_unetr.SwinTransformer` (MONAI 1.6), both versions. */
export function monaiSwinTransformerTable(windows: SwinWindows = {}): StateTable {
  return { rules: swinTransformerRules('', ''), ...swinTransformerIndices('', windows) };
}

/** The rules of a Swin transformer that stands under these prefixes, which end in a dot or are empty. */
export function swinTransformerRules(theirs: string, ours: string): StateRule[] {
  return [
    { pattern: `${theirs}patch_embed.proj.weight`, name: `${ours}embedding.weight`, layout: 'conv3d' },
    { pattern: `${theirs}patch_embed.proj.bias`, name: `${ours}embedding.bias`, layout: 'same' },
    ...layerNormRules(`${theirs}patch_embed.norm`, `${ours}embeddingNormalisation`),
    ...stages.flatMap((stage) => stageRules(`${theirs}layers${stage + 1}`, `${ours}stages.${stage}`)),
  ];
}

/** Each block's index of relative positions, which follows from the window. */
export function swinTransformerIndices(
  theirs: string,
  { window = 7, depths = [2, 2, 2, 2] }: SwinWindows,
): Required<Pick<StateTable, 'ignored' | 'constants'>> {
  const sides = triple(window);
  const tokens = sides[0] * sides[1] * sides[2];
  const make = () => tf.tensor2d(relativePositionIndex(sides, tokens), [tokens, tokens], 'int32');
  const name = (stage: number, block: number | string) =>
    `${theirs}layers${stage + 1}.0.blocks.${block}.attn.relative_position_index`;
  return {
    ignored: stages.map((stage) => name(stage, '{block}')),
    constants: new Map(
      depths.flatMap((depth, stage) =>
        Array.from({ length: depth }, (_, block) => [name(stage, block), make]),
      ),
    ),
  };
}

const stages = [0, 1, 2, 3];

function stageRules(theirs: string, ours: string): StateRule[] {
  const block = (name: string) => `${theirs}.0.blocks.{block}.${name}`;
  const named = (name: string) => `${ours}.blocks.{block}.${name}`;
  return [
    ...residualBlockRules(`${theirs}c.0.layer`, `${ours}.convolution`),
    ...layerNormRules(block('norm1'), named('attentionNormalisation')),
    {
      pattern: block('attn.relative_position_bias_table'),
      name: named('positionBias.table'),
      layout: 'same',
    },
    ...linearRules(block('attn.qkv'), named('attention.qkv')),
    ...linearRules(block('attn.proj'), named('attention.output')),
    ...layerNormRules(block('norm2'), named('mlpNormalisation')),
    ...linearRules(block('mlp.linear1'), named('mlp.expand')),
    ...linearRules(block('mlp.linear2'), named('mlp.contract')),
    ...layerNormRules(`${theirs}.0.downsample.norm`, `${ours}.merging.normalisation`),
    ...linearRules(`${theirs}.0.downsample.reduction`, `${ours}.merging.reduction`),
  ];
}
