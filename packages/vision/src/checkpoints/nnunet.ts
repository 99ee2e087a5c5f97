import type { DuplicateRule, StateRule, StateTable } from '@bipvl/nn';
import { convolutionRules } from './pytorch-layers.js';

/** The names of nnU-Net's `PlainConvUNet` (dynamic-network-architectures 0.4) for a network of this many stages. */
export function nnUNetPlainTable(stages: number): StateTable {
  return tableOf(stages, [
    {
      theirs: 'encoder.stages.{stage}.0.convs.{convolution}',
      ours: 'encoder.stages.{stage}.convolutions.{convolution}',
    },
  ]);
}

/**
 * The names of nnU-Net's `ResidualEncoderUNet` (dynamic-network-architectures 0.4) for a network of this many stages. A shortcut is called by
 * its place: `skip.1` after a pooling, which a stage with a stride has, `skip.0` else.
 */
export function nnUNetResidualEncoderTable(strides: readonly (number | readonly number[])[]): StateTable {
  const stages = strides.map((stride, stage) => {
    const pooled = typeof stride === 'number' ? stride !== 1 : stride.some((step) => step !== 1);
    const [theirs, ours] = [`encoder.stages.${stage}.blocks`, `encoder.stages.${stage}.blocks`];
    return [
      { theirs: `${theirs}.{block}.conv1`, ours: `${ours}.{block}.first` },
      { theirs: `${theirs}.{block}.conv2`, ours: `${ours}.{block}.second` },
      { theirs: `${theirs}.0.skip.${pooled ? 1 : 0}`, ours: `${ours}.0.shortcut` },
    ];
  });
  const stem = {
    theirs: 'encoder.stem.convs.{convolution}',
    ours: 'encoder.stem.convolutions.{convolution}',
  };
  return tableOf(strides.length, [stem, ...stages.flat()]);
}

/** A convolution with its normalisation, by their name and by ours. */
interface Block {
  readonly theirs: string;
  readonly ours: string;
}

function tableOf(stages: number, encoder: readonly Block[]): StateTable {
  const decoder = {
    theirs: 'decoder.stages.{level}.convs.{convolution}',
    ours: 'decoder.levels.{level}.refine.convolutions.{convolution}',
  };
  const blocks = [...encoder, decoder];
  const rules = [
    ...blocks.flatMap(blockRules),
    ...convolutionRules('decoder.transpconvs.{level}', 'decoder.levels.{level}.upsample', 'conv3dTransposed'),
    // Theirs run deep to fine, ours fine to deep.
    ...Array.from({ length: stages - 1 }, (_, level) =>
      convolutionRules(`decoder.seg_layers.${stages - 2 - level}`, `head.levels.${level}`),
    ).flat(),
  ];
  return {
    rules,
    duplicates: [...encoder.flatMap(encoderDuplicates), ...listDuplicates(decoder.theirs, decoder.theirs)],
    ignored: blocks.map(({ theirs }) => `${theirs}.norm.num_batches_tracked`),
  };
}

function blockRules({ theirs, ours }: Block): StateRule[] {
  const normalisation = Object.entries({
    weight: 'scale',
    bias: 'shift',
    running_mean: 'runningMean',
    running_var: 'runningVariance',
  }).map(([pattern, name]): StateRule => {
    return { pattern: `${theirs}.norm.${pattern}`, name: `${ours}.normalisation.${name}`, layout: 'same' };
  });
  return [...convolutionRules(`${theirs}.conv`, `${ours}.convolution`), ...normalisation];
}

/** The decoder holds the encoder once more. */
function encoderDuplicates({ theirs }: Block): DuplicateRule[] {
  const again = ['conv', 'norm'].map((part) => ({
    pattern: `decoder.${theirs}.${part}.{tensor}`,
    of: `${theirs}.${part}.{tensor}`,
  }));
  return [...listDuplicates(theirs, theirs), ...again, ...listDuplicates(`decoder.${theirs}`, theirs)];
}

/** A block holds its convolution and its normalisation in a list once more. */
function listDuplicates(block: string, of: string): DuplicateRule[] {
  return ['conv', 'norm'].map((part, index) => ({
    pattern: `${block}.all_modules.${index}.{tensor}`,
    of: `${of}.${part}.{tensor}`,
  }));
}
