import type { StateRule } from '@bipvl/nn';

/** The rules of a block of convolutions of MONAI 1.6, with any normalisation: a `UnetResBlock`, or a `UnetBasicBlock` without its shortcut. */
export function residualBlockRules(theirs: string, ours: string, residual = true): StateRule[] {
  const names = residual ? ['first', 'second', 'shortcut'] : ['convolutions.0', 'convolutions.1'];
  return names.flatMap((name, index): StateRule[] => {
    const part = (suffix: string) => `${ours}.${name}.normalisation.${suffix}`;
    const norm = `${theirs}.norm${index + 1}`;
    return [
      {
        pattern: `${theirs}.conv${index + 1}.conv.weight`,
        name: `${ours}.${name}.convolution.weight`,
        layout: 'conv3d',
      },
      { pattern: `${norm}.weight`, name: part('scale'), layout: 'same' },
      { pattern: `${norm}.bias`, name: part('shift'), layout: 'same' },
      { pattern: `${norm}.running_mean`, name: part('runningMean'), layout: 'same' },
      { pattern: `${norm}.running_var`, name: part('runningVariance'), layout: 'same' },
    ];
  });
}

/** What batch norms of such a block count and we do not. */
export function residualBlockIgnored(theirs: string): string[] {
  return [1, 2, 3].map((index) => `${theirs}.norm${index}.num_batches_tracked`);
}
