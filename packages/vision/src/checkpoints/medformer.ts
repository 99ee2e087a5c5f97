import type { StateRule, StateTable } from '@bipvl/nn';
import { layerNormRules, linearRules } from './pytorch-layers.js';

/**
 * The names of MedFormer's release (github.com/yhygao/CBIM-Medical-Image-Segmentation, `model/dim3/medformer.py`) for a network with these
 * projections.
 */
export function medFormerTable(projection: 'depthwise' | 'linear' = 'depthwise'): StateTable {
  const rules = [
    convolution('inc.conv1', 'encoder.stem.convolution'),
    ...residualBlock('inc.conv2', 'encoder.stem.block'),
    ...merging('down1', 'encoder.fine', 'depthwise'),
    ...residualBlocks('down1', 'encoder.fine'),
    ...[0, 1, 2].flatMap((index) => coarseLevel(`down${index + 2}`, `encoder.coarse.${index}`, projection)),
    ...mapFusion('map_fusion', 'encoder.maps'),
    ...[0, 1].flatMap((index) => decoderLevel(`up${index + 1}`, `decoder.coarse.${index}`, projection)),
    ...[0, 1].flatMap((index) => residualBlocks(`up${index + 3}`, `decoder.fine.${index}`)),
    ...biasedConvolution('aux_out', 'head.auxiliary'),
    ...biasedConvolution('outc', 'head.convolution'),
  ];
  const batches = rules.filter(({ pattern }) => pattern.endsWith('.running_mean'));
  return {
    rules,
    ignored: batches.map(({ pattern }) => pattern.replace('running_mean', 'num_batches_tracked')),
  };
}

type Projection = 'depthwise' | 'linear';

function coarseLevel(theirs: string, ours: string, projection: Projection): StateRule[] {
  return [
    ...merging(theirs, ours, projection),
    ...residualBlocks(theirs, ours),
    convolution(`${theirs}.map_gen.base_proj`, `${ours}.map.values`),
    convolution(`${theirs}.map_gen.semantic_proj`, `${ours}.map.weights`),
    ...attentionBlocks(theirs, ours, projection),
  ];
}

function decoderLevel(theirs: string, ours: string, projection: Projection): StateRule[] {
  return [
    convolution(`${theirs}.map_reduction`, `${ours}.mapReduction`),
    ...attentionBlocks(theirs, ours, projection),
    ...residualBlocks(theirs, ours),
  ];
}

function merging(theirs: string, ours: string, projection: Projection): StateRule[] {
  return [
    ...normalisation(`${theirs}.patch_merging.norm`, `${ours}.merging.normalisation`),
    ...separable(`${theirs}.patch_merging.reduction`, `${ours}.merging.reduction`, projection),
  ];
}

function residualBlocks(theirs: string, ours: string): StateRule[] {
  return residualBlock(`${theirs}.conv_blocks.{block}`, `${ours}.blocks.{block}`);
}

function residualBlock(theirs: string, ours: string): StateRule[] {
  return [
    ...unit(`${theirs}.conv1`, `${ours}.first`),
    ...unit(`${theirs}.conv2`, `${ours}.second`),
    ...unit(`${theirs}.shortcut`, `${ours}.shortcut`),
  ];
}

function attentionBlocks(level: string, ourLevel: string, projection: Projection): StateRule[] {
  const theirs = `${level}.trans_blocks.blocks.{block}`;
  const ours = `${ourLevel}.attentionBlocks.{block}`;
  return [
    ...normalisation(`${theirs}.norm1`, `${ours}.featureNormalisation`),
    ...normalisation(`${theirs}.norm2`, `${ours}.mapNormalisation`),
    ...separable(`${theirs}.attn.feat_qv`, `${ours}.attention.fromFeatures`, projection),
    ...separable(`${theirs}.attn.feat_out`, `${ours}.attention.toFeatures`, projection),
    convolution(`${theirs}.attn.map_qv`, `${ours}.attention.fromMap`),
    convolution(`${theirs}.attn.map_out`, `${ours}.attention.toMap`),
    ...unit(`${theirs}.shortcut`, `${ours}.shortcut`),
    ...feedForward(`${theirs}.feedforward`, `${ours}.feedForward`, projection),
  ];
}

function feedForward(theirs: string, ours: string, projection: Projection): StateRule[] {
  const [expand, excitation] = projection === 'depthwise' ? ['expand_proj', 'se'] : ['conv3x3', 'se_block'];
  return [
    ...unit(`${theirs}.${expand}`, `${ours}.expand`),
    ...unit(`${theirs}.depthwise`, `${ours}.depthwise`),
    ...biasedConvolution(`${theirs}.${excitation}.excitation.0`, `${ours}.excitation.squeeze`),
    ...biasedConvolution(`${theirs}.${excitation}.excitation.2`, `${ours}.excitation.excite`),
    ...unit(`${theirs}.pointwise`, `${ours}.project`),
  ];
}

function mapFusion(theirs: string, ours: string): StateRule[] {
  const [attention, mlp] = [0, 1].map((part) => `${theirs}.fusion.layers.{block}.${part}`);
  const block = `${ours}.blocks.{block}`;
  return [
    convolution(`${theirs}.in_proj.{map}`, `${ours}.inward.{map}`),
    ...layerNormRules(`${attention}.norm`, `${block}.attentionNormalisation`),
    ...linearRules(`${attention}.fn.to_qkv`, `${block}.attention.qkv`),
    ...linearRules(`${attention}.fn.to_out`, `${block}.attention.output`),
    ...layerNormRules(`${mlp}.norm`, `${block}.mlpNormalisation`),
    ...linearRules(`${mlp}.fn.fc1`, `${block}.mlp.expand`),
    ...linearRules(`${mlp}.fn.fc2`, `${block}.mlp.contract`),
    convolution(`${theirs}.out_proj.{map}`, `${ours}.outward.{map}`),
  ];
}

/** What stands alone where projections are linear has a name more where they are depthwise. */
function separable(theirs: string, ours: string, projection: Projection): StateRule[] {
  if (projection === 'linear') return [convolution(theirs, `${ours}.pointwise`)];
  return [
    convolution(`${theirs}.depthwise`, `${ours}.depthwise`),
    convolution(`${theirs}.pointwise`, `${ours}.pointwise`),
  ];
}

function unit(theirs: string, ours: string): StateRule[] {
  return [
    ...normalisation(`${theirs}.norm`, `${ours}.normalisation`),
    convolution(`${theirs}.conv`, `${ours}.convolution`),
  ];
}

/** Batch norm or layer norm; instance norm has nothing to name. */
function normalisation(theirs: string, ours: string): StateRule[] {
  return [
    ...layerNormRules(theirs, ours),
    { pattern: `${theirs}.running_mean`, name: `${ours}.runningMean`, layout: 'same' },
    { pattern: `${theirs}.running_var`, name: `${ours}.runningVariance`, layout: 'same' },
  ];
}

function biasedConvolution(theirs: string, ours: string): StateRule[] {
  return [convolution(theirs, ours), { pattern: `${theirs}.bias`, name: `${ours}.bias`, layout: 'same' }];
}

/** Without bias. */
function convolution(theirs: string, ours: string): StateRule {
  return { pattern: `${theirs}.weight`, name: `${ours}.weight`, layout: 'conv3d' };
}
