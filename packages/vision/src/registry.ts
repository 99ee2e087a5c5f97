import { NetworkError, type RandomStream } from '@bipvl/nn';
import { createUNet, type UNetOptions } from './backbones/unet.js';
import type { SegmentationNetwork } from './segmentation-network.js';

/** Options of each backbone by its name in a configuration. */
export interface BackboneOptions {
  readonly unet: UNetOptions;
}

/** A backbone by its name in a configuration. */
export type BackboneName = keyof BackboneOptions;

const backbones: {
  readonly [Name in BackboneName]: (
    options: BackboneOptions[Name],
    random: RandomStream,
  ) => SegmentationNetwork;
} = {
  unet: createUNet,
};

/** Names a configuration may give. */
export function listBackbones(): BackboneName[] {
  return Object.keys(backbones) as BackboneName[];
}

/**
 * Builds a backbone by name with weights drawn from `random`.
 * @throws NetworkError `unknown-backbone` naming the known ones.
 */
export function createBackbone<Name extends BackboneName>(
  name: Name,
  options: BackboneOptions[Name],
  random: RandomStream,
): SegmentationNetwork {
  if (!Object.hasOwn(backbones, name)) throw unknown(name);
  return backbones[name](options, random);
}

function unknown(name: string): NetworkError {
  return new NetworkError(
    'unknown-backbone',
    `there is no backbone '${name}'; expected one of: ${listBackbones().join(', ')}`,
    {
      hint: 'set backbone.name to one of these names',
    },
  );
}
