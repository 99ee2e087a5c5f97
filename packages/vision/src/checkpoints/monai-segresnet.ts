import type { StateRule, StateTable } from '@bipvl/nn';

/** The names of `monai.networks.nets.SegResNet` (MONAI 1.6) for a network of these blocks in each encoder stage. */
export function monaiSegResNetTable(blocksDown: readonly number[]): StateTable {
  return {
    rules: [
      weight('convInit.conv', 'encoder.stem.convolution'),
      ...blocksDown.flatMap((blocks, stage) => stageRules(stage, blocks)),
      ...blockRules('up_layers.{level}.{block}', 'decoder.levels.{level}.blocks.{block}'),
      weight('up_samples.{level}.0.conv', 'decoder.levels.{level}.reduce'),
      {
        pattern: 'up_samples.{level}.1.deconv.weight',
        name: 'decoder.levels.{level}.upsample.weight',
        layout: 'conv3dTransposed',
      },
      same('up_samples.{level}.1.deconv.bias', 'decoder.levels.{level}.upsample.bias'),
      ...normalisation('conv_final.0', 'head.normalisation'),
      weight('conv_final.2.conv', 'head.convolution'),
      same('conv_final.2.conv.bias', 'head.convolution.bias'),
    ],
  };
}

/** Their stage is a list of the strided convolution, or of nothing, and the blocks. */
function stageRules(stage: number, blocks: number): StateRule[] {
  const [theirs, ours] = [`down_layers.${stage}`, `encoder.stages.${stage}`];
  const indices = Array.from({ length: blocks }, (_, index) => index);
  return [
    weight(`${theirs}.0.conv`, `${ours}.reduce`),
    ...indices.flatMap((index) => blockRules(`${theirs}.${index + 1}`, `${ours}.blocks.${index}`)),
  ];
}

function blockRules(theirs: string, ours: string): StateRule[] {
  return [0, 1].flatMap((index) => [
    ...normalisation(`${theirs}.norm${index + 1}`, `${ours}.normalisations.${index}`),
    weight(`${theirs}.conv${index + 1}.conv`, `${ours}.convolutions.${index}`),
  ]);
}

function normalisation(theirs: string, ours: string): StateRule[] {
  return [same(`${theirs}.weight`, `${ours}.scale`), same(`${theirs}.bias`, `${ours}.shift`)];
}

function weight(theirs: string, ours: string): StateRule {
  return { pattern: `${theirs}.weight`, name: `${ours}.weight`, layout: 'conv3d' };
}

function same(pattern: string, name: string): StateRule {
  return { pattern, name, layout: 'same' };
}
