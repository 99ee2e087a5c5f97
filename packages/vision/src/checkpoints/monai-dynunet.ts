import type { DuplicateRule, StateRule, StateTable } from '@bipvl/nn';

/** The names of `monai.networks.nets.DynUNet` (MONAI 1.6) for a network of this many stages, with residual blocks or without. */
export function monaiDynUNetTable(stages: number, residual: boolean): StateTable {
  const encoder = Array.from({ length: stages }, (_, stage) => encoderName(stage, stages));
  const parts = residual ? ['first', 'second', 'shortcut'] : ['convolutions.0', 'convolutions.1'];
  const block = 'upsamples.{level}.conv_block';
  return {
    rules: [
      ...encoder.flatMap((theirs, stage) => blockRules(theirs, `encoder.stages.${stage}`, parts)),
      ...blockRules(block, 'decoder.levels.{level}.refine', ['convolutions.0', 'convolutions.1']),
      ...convolution('upsamples.{level}.transp_conv', 'decoder.levels.{level}.upsample', 'conv3dTransposed'),
      ...convolution('output_block.conv', 'head.levels.0', 'conv3d'),
      ...encoder.slice(1, -1).flatMap((_, head) => {
        return convolution(`deep_supervision_heads.${head}.conv`, `head.levels.${head + 1}`, 'conv3d');
      }),
    ],
    duplicates: nestedDuplicates(encoder),
    ignored: [...encoder, block].map((theirs) => `${theirs}.{normalisation}.num_batches_tracked`),
  };
}

/** MONAI calls the first stage, the ones between and the last by other names. */
function encoderName(stage: number, stages: number): string {
  if (stage === 0) return 'input_block';
  return stage === stages - 1 ? 'bottleneck' : `downsamples.${stage - 1}`;
}

/** The block's convolutions and normalisations, numbered from 1. */
function blockRules(theirs: string, ours: string, parts: readonly string[]): StateRule[] {
  return parts.flatMap((part, index) => [
    ...convolution(`${theirs}.conv${index + 1}`, `${ours}.${part}.convolution`, 'conv3d'),
    ...normalisation(`${theirs}.norm${index + 1}`, `${ours}.${part}.normalisation`),
  ]);
}

function convolution(theirs: string, ours: string, layout: 'conv3d' | 'conv3dTransposed'): StateRule[] {
  return [
    { pattern: `${theirs}.conv.weight`, name: `${ours}.weight`, layout },
    { pattern: `${theirs}.conv.bias`, name: `${ours}.bias`, layout: 'same' },
  ];
}

function normalisation(theirs: string, ours: string): StateRule[] {
  const names = {
    weight: 'scale',
    bias: 'shift',
    running_mean: 'runningMean',
    running_var: 'runningVariance',
  };
  return Object.entries(names).map(([pattern, name]): StateRule => {
    return { pattern: `${theirs}.${pattern}`, name: `${ours}.${name}`, layout: 'same' };
  });
}

/** Every block stands once more in a nest of layers, each of which holds the ones below it. */
function nestedDuplicates(encoder: readonly string[]): DuplicateRule[] {
  const bottom = encoder.length - 1;
  return encoder.flatMap((theirs, stage) => {
    const layer = `skip_layers${'.next_layer'.repeat(stage)}`;
    if (stage === bottom) return deep(layer, theirs);
    return [
      ...deep(`${layer}.downsample`, theirs),
      ...deep(`${layer}.upsample`, `upsamples.${bottom - 1 - stage}`),
      ...(stage === 0 ? [] : deep(`${layer}.super_head`, `deep_supervision_heads.${stage - 1}`)),
    ];
  });
}

/** What lies two to four names deep under a block. */
function deep(block: string, of: string): DuplicateRule[] {
  const tails = ['{a}.{b}', '{a}.{b}.{c}', '{a}.{b}.{c}.{d}'];
  return tails.map((tail) => ({ pattern: `${block}.${tail}`, of: `${of}.${tail}` }));
}
