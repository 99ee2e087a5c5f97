import { NetworkError, type RandomStream } from '@bipvl/nn';
import { BiFusion, type BiFusionOptions } from './bifusion.js';
import type { Fusion } from './fusion.js';

/** Options of each fusion by its name in a configuration. */
export interface FusionOptions {
  readonly bifusion: BiFusionOptions;
}

/** A fusion by its name in a configuration. */
export type FusionName = keyof FusionOptions;

const fusions: {
  readonly [Name in FusionName]: (options: FusionOptions[Name], random: RandomStream) => Fusion;
} = {
  bifusion: (options, random) => new BiFusion(options, random),
};

/** Names a configuration may give. */
export function listFusions(): FusionName[] {
  return Object.keys(fusions) as FusionName[];
}

/** Builds a fusion by name. @throws NetworkError `unknown-fusion` naming the known ones. */
export function createFusion<Name extends FusionName>(
  name: Name,
  options: FusionOptions[Name],
  random: RandomStream,
): Fusion {
  if (Object.hasOwn(fusions, name)) return fusions[name](options, random);
  throw new NetworkError(
    'unknown-fusion',
    `there is no fusion '${name}'; expected one of: ${listFusions().join(', ')}`,
    {
      hint: 'set fusion.name to one of these names',
    },
  );
}
