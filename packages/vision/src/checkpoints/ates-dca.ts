import type { StateRule, StateTable } from '@bipvl/nn';
import { layerNormRules } from './pytorch-layers.js';

/** The names of Ates et al.'s `DCA` (gorkemcanates/Dual-Cross-Attention) for this many skips; ours under `prefix`, such as `bridge.` of a network. */
export function atesDcaTable(skips: number, prefix = ''): StateTable {
  const block = `${prefix}blocks.{block}`;
  const halves = [
    ...layerNormRules('attention.{block}.channel_norm.{skip}', `${block}.channel.normalisations.{skip}`),
    ...attentionRules('attention.{block}.c_attention.{skip}', `${block}.channel.attentions.{skip}`),
    ...layerNormRules('attention.{block}.spatial_norm.{skip}', `${block}.spatial.normalisations.{skip}`),
    ...attentionRules('attention.{block}.s_attention.{skip}', `${block}.spatial.attentions.{skip}`),
  ];
  const reconnection = `${prefix}reconnections.{skip}`;
  return {
    rules: [
      ...scaleRules('avg_map.{skip}.proj', `${prefix}embeddings.{skip}`),
      ...halves,
      rule('upconvs.{skip}.conv.conv.weight', `${reconnection}.projection.weight`, 'conv2d'),
      rule('upconvs.{skip}.conv.conv.bias', `${reconnection}.projection.bias`),
      ...layerNormRules('bn_relu.{skip}.0', `${reconnection}.output.normalisation`),
      rule('bn_relu.{skip}.0.running_mean', `${reconnection}.output.normalisation.runningMean`),
      rule('bn_relu.{skip}.0.running_var', `${reconnection}.output.normalisation.runningVariance`),
    ],
    ignored: Array.from({ length: skips }, (_, skip) => `bn_relu.${skip}.0.num_batches_tracked`),
  };
}

function attentionRules(theirs: string, ours: string): StateRule[] {
  const parts = { q_map: 'query', k_map: 'key', v_map: 'value', projection: 'output' };
  return Object.entries(parts).flatMap(([part, name]) =>
    scaleRules(`${theirs}.${part}.proj`, `${ours}.${name}`),
  );
}

/** A depthwise 1x1 convolution. */
function scaleRules(theirs: string, ours: string): StateRule[] {
  return [
    rule(`${theirs}.depthwise.weight`, `${ours}.scale`, 'conv2d'),
    rule(`${theirs}.depthwise.bias`, `${ours}.shift`),
  ];
}

function rule(pattern: string, name: string, layout: StateRule['layout'] = 'same'): StateRule {
  return { pattern, name, layout };
}
