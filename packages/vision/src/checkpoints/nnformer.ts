import { relativePositionIndex, type StateRule, type StateTable } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  type NnFormerShape,
  type NnFormerStageSettings,
  nnFormerSettings,
} from '../blocks/nnformer-settings.js';
import { convolutionRules, layerNormRules, linearRules } from './pytorch-layers.js';

/** The names of nnFormer's release (282857341/nnFormer) for a network of this shape, all three layouts. */
export function nnFormerTable(shape: NnFormerShape = {}): StateTable {
  const { stages, levels } = nnFormerSettings(shape);
  const theirs = ['model_down.layers.{stage}', 'decoder.layers.{stage}'];
  return {
    rules: [
      ...stemRules(),
      ...stages.flatMap((_, stage) => stageRules(stage)),
      ...levels.flatMap(({ dropPaths }, level) =>
        levelRules(level, levels.length - 1 - level, dropPaths.length),
      ),
      ...convolutionRules('final.{level}.up', 'head.levels.{level}', 'conv3dTransposed'),
    ],
    ignored: theirs.map((name) => `${name}.blocks.{block}.attn.relative_position_index`),
    constants: new Map([
      ...stages.flatMap((stage, index) => indices(`model_down.layers.${index}`, stage)),
      ...levels.flatMap((level, index) => indices(`decoder.layers.${index}`, level)),
    ]),
  };
}

function stemRules(): StateRule[] {
  const theirs = 'model_down.patch_embed';
  const ours = 'encoder.stages.0.enter';
  return [
    ['proj1.conv1', 'proj1.norm1'],
    ['proj1.conv2', 'proj1.norm2'],
    ['proj2.conv1', 'proj2.norm1'],
    ['proj2.conv2', 'norm'],
  ].flatMap(([convolution, normalisation], index) => [
    ...convolutionRules(`${theirs}.${convolution}`, `${ours}.convolutions.${index}`),
    ...layerNormRules(`${theirs}.${normalisation}`, `${ours}.normalisations.${index}`),
  ]);
}

/** Their stages end with the convolution that leads into our next one. */
function stageRules(stage: number): StateRule[] {
  const theirs = `model_down.layers.${stage}`;
  const next = `encoder.stages.${stage + 1}.enter`;
  return [
    ...selfAttentionRules(`${theirs}.blocks.{block}`, `encoder.stages.${stage}.blocks.{block}`),
    ...layerNormRules(`${theirs}.downsample.norm`, `${next}.normalisation`),
    ...convolutionRules(`${theirs}.downsample.reduction`, `${next}.convolution`),
    ...layerNormRules(`model_down.norm${stage}`, `encoder.normalisations.${stage}`),
  ];
}

/** Their levels run fine to deep, ours deep to fine; their first block is the one that looks at the skip. */
function levelRules(theirLevel: number, ourLevel: number, blocks: number): StateRule[] {
  const [theirs, ours] = [`decoder.layers.${theirLevel}`, `decoder.levels.${ourLevel}`];
  const cross = `${ours}.cross`;
  const further = Array.from({ length: blocks - 1 }, (_, block) => block);
  return [
    ...blockRules(`${theirs}.blocks.0`, cross),
    ...linearRules(`${theirs}.blocks.0.attn.kv`, `${cross}.keysAndValues`),
    ...linearRules(`${theirs}.blocks.0.attn.proj`, `${cross}.output`),
    ...further.flatMap((block) =>
      selfAttentionRules(`${theirs}.blocks.${block + 1}`, `${ours}.blocks.${block}`),
    ),
    ...layerNormRules(`${theirs}.Upsample.norm`, `${ours}.normalisation`),
    ...convolutionRules(`${theirs}.Upsample.up`, `${ours}.upsample`, 'conv3dTransposed'),
  ];
}

function selfAttentionRules(theirs: string, ours: string): StateRule[] {
  return [
    ...blockRules(theirs, ours),
    ...linearRules(`${theirs}.attn.qkv`, `${ours}.attention.qkv`),
    ...linearRules(`${theirs}.attn.proj`, `${ours}.attention.output`),
  ];
}

/** What both kinds of blocks have. */
function blockRules(theirs: string, ours: string): StateRule[] {
  return [
    ...layerNormRules(`${theirs}.norm1`, `${ours}.attentionNormalisation`),
    {
      pattern: `${theirs}.attn.relative_position_bias_table`,
      name: `${ours}.positionBias.table`,
      layout: 'same',
    },
    ...layerNormRules(`${theirs}.norm2`, `${ours}.mlpNormalisation`),
    ...linearRules(`${theirs}.mlp.fc1`, `${ours}.mlp.expand`),
    ...linearRules(`${theirs}.mlp.fc2`, `${ours}.mlp.contract`),
  ];
}

/** Each block's index of relative positions, which follows from the window. */
function indices(
  layer: string,
  { window, positionStrides, dropPaths }: NnFormerStageSettings,
): [string, () => tf.Tensor][] {
  const tokens = window[0] * window[1] * window[2];
  const make = () =>
    tf.tensor2d(relativePositionIndex(window, tokens, positionStrides), [tokens, tokens], 'int32');
  return dropPaths.map((_, block) => [`${layer}.blocks.${block}.attn.relative_position_index`, make]);
}
