import type { StateRule, StateTable } from '@bipvl/nn';

/** The names of `monai.networks.nets.BasicUNetPlusPlus` (MONAI 1.6) for a network of this many stages; MONAI's has 5. */
export function monaiUNetPlusPlusTable(stages = 5): StateTable {
  const numbers = Array.from({ length: stages }, (_, index) => index);
  const encoder = numbers.flatMap((stage) =>
    stackRules(stage === 0 ? 'conv_0_0' : `conv_${stage}_0.convs`, `encoder.stages.${stage}.refine`),
  );
  const nodes = numbers.slice(1).flatMap((column) =>
    numbers.slice(0, stages - column).flatMap((size) => {
      const [theirs, ours] = [`upcat_${size}_${column}`, `decoder.nodes.${column - 1}.${size}`];
      return [
        ...convolution(`${theirs}.upsample.deconv`, `${ours}.upsample`, 'conv3dTransposed'),
        ...stackRules(`${theirs}.convs`, `${ours}.refine`),
      ];
    }),
  );
  const heads = numbers
    .slice(1)
    .flatMap((column) =>
      convolution(`final_conv_0_${column}`, `head.levels.${stages - 1 - column}`, 'conv3d'),
    );
  return {
    rules: [...encoder, ...nodes, ...heads],
    ignored: counted(numbers),
  };
}

function stackRules(theirs: string, ours: string): StateRule[] {
  return [0, 1].flatMap((index) => {
    const [from, to] = [`${theirs}.conv_${index}`, `${ours}.convolutions.${index}`];
    const same = (pattern: string, name: string): StateRule => ({
      pattern: `${from}.adn.N.${pattern}`,
      name: `${to}.normalisation.${name}`,
      layout: 'same',
    });
    return [
      ...convolution(`${from}.conv`, `${to}.convolution`, 'conv3d'),
      same('weight', 'scale'),
      same('bias', 'shift'),
      same('running_mean', 'runningMean'),
      same('running_var', 'runningVariance'),
    ];
  });
}

function convolution(theirs: string, ours: string, layout: 'conv3d' | 'conv3dTransposed'): StateRule[] {
  return [
    { pattern: `${theirs}.weight`, name: `${ours}.weight`, layout },
    { pattern: `${theirs}.bias`, name: `${ours}.bias`, layout: 'same' },
  ];
}

/** Where batch norms keep a counter that we have no use for. */
function counted(numbers: readonly number[]): string[] {
  const stacks = numbers.flatMap((size) => [
    size === 0 ? 'conv_0_0' : `conv_${size}_0.convs`,
    ...numbers.slice(1).map((column) => `upcat_${size}_${column}.convs`),
  ]);
  return stacks.flatMap((stack) => [0, 1].map((index) => `${stack}.conv_${index}.adn.N.num_batches_tracked`));
}
