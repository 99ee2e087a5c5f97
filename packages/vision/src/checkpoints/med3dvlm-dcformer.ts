import type { StateRule, StateTable } from '@bipvl/nn';
import { linearRules } from './pytorch-layers.js';

/**
 * The names of `DecompModel` in Med3DVLM's `src.model.encoder.dcformer`, whose encoder alone (`mirthAI/DCFormer`) has the same without the first
 * part. It turns its images to H, W, D, so that its lines `c1`, `c2` and `c3` run along H, W and D.
 */
export function med3DVLMDCFormerTable(): StateTable {
  return {
    rules: [
      ...decomposedRules('encoder.s0.0.{layer}', 'stages.0.layers.{layer}'),
      ...[1, 2, 3, 4].flatMap(stageRules),
    ],
    ignored: [
      'encoder.s0.0.{layer}.{line}.1.num_batches_tracked',
      'encoder.{stage}.{block}.dwconv.{line}.1.num_batches_tracked',
    ],
  };
}

function stageRules(stage: number): StateRule[] {
  const [theirs, ours] = [`encoder.s${stage}.{block}`, `stages.${stage}.blocks.{block}`];
  return [
    {
      pattern: `encoder.s${stage}.0.proj.weight`,
      name: `stages.${stage}.projection.weight`,
      layout: 'conv3d',
    },
    ...decomposedRules(`${theirs}.dwconv`, `${ours}.mixer`),
    ...linearRules(`${theirs}.mlp.mlp.0`, `${ours}.mlp.expand`),
    ...linearRules(`${theirs}.mlp.mlp.3`, `${ours}.mlp.contract`),
    { pattern: `${theirs}.scale`, name: `${ours}.layerScale`, layout: 'same' },
  ];
}

function decomposedRules(theirs: string, ours: string): StateRule[] {
  return [
    ...lineRules(`${theirs}.c1`, `${ours}.alongHeight`),
    ...lineRules(`${theirs}.c2`, `${ours}.alongWidth`),
    ...lineRules(`${theirs}.c3`, `${ours}.alongDepth`),
  ];
}

function lineRules(theirs: string, ours: string): StateRule[] {
  return [
    { pattern: `${theirs}.0.weight`, name: `${ours}.convolution.weight`, layout: 'conv3dDepthLast' },
    { pattern: `${theirs}.0.bias`, name: `${ours}.convolution.bias`, layout: 'same' },
    { pattern: `${theirs}.1.weight`, name: `${ours}.normalisation.scale`, layout: 'same' },
    { pattern: `${theirs}.1.bias`, name: `${ours}.normalisation.shift`, layout: 'same' },
    { pattern: `${theirs}.1.running_mean`, name: `${ours}.normalisation.runningMean`, layout: 'same' },
    { pattern: `${theirs}.1.running_var`, name: `${ours}.normalisation.runningVariance`, layout: 'same' },
  ];
}
